// Errors: what is thrown in C++ reaches JavaScript as a TorchError with a code, the operator and the
// argument.
#pragma once

#include <node_api.h>

#include <exception>
#include <string>

struct Addon;

/** An error with its own code; `op` and `argument` may be empty. */
struct TorchError : std::exception {
  TorchError(std::string code, std::string op, std::string argument, std::string message)
      : code(std::move(code)),
        op(std::move(op)),
        argument(std::move(argument)),
        message(std::move(message)) {}
  const char* what() const noexcept override { return message.c_str(); }

  std::string code, op, argument, message;
};

/** Thrown when a Node-API call left a JavaScript exception pending: nothing is added to it. */
struct PendingException : std::exception {};

/** Throws what `error` holds as a JavaScript TorchError. `op` is named where the exception itself names none.
 */
void throwToJs(Addon& addon, std::exception_ptr error, const std::string& op = {});

/** Throws PendingException unless a Node-API call succeeded. */
inline void check(napi_status status) {
  if (status != napi_ok) throw PendingException();
}
