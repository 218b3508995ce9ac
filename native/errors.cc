#include "errors.h"

#include <c10/util/Exception.h>

#include <algorithm>
#include <new>

#include "addon.h"

namespace {

// A message may hold a list as long as the caller made it.
constexpr size_t longestText = 1 << 16;

napi_value text(napi_env env, const std::string& value) {
  napi_value result = nullptr;
  napi_create_string_utf8(env, value.data(), std::min(value.size(), longestText), &result);
  return result;
}

void raise(Addon& addon, const std::string& code, const std::string& op, const std::string& argument,
           const std::string& message) {
  napi_env env = addon.env;
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) != napi_ok || pending) return;
  napi_value factory = nullptr, global, error;
  if (addon.errorFactory) napi_get_reference_value(env, addon.errorFactory, &factory);
  if (factory == nullptr) {
    napi_throw_error(env, code.c_str(), message.c_str());
    return;
  }
  napi_value arguments[] = {text(env, code), text(env, op), text(env, argument), text(env, message)};
  napi_get_global(env, &global);
  if (napi_call_function(env, global, factory, 4, arguments, &error) == napi_ok) napi_throw(env, error);
}

/** LibTorch's sentence without its C++ stack and without the "Exception raised from" line. */
std::string withoutBacktrace(const std::string& message) {
  std::string result = message.substr(0, message.find("\nException raised from "));
  while (!result.empty() && (result.back() == '\n' || result.back() == ' ')) result.pop_back();
  return result;
}

bool isOutOfMemory(const std::string& message) {
  return message.find("DefaultCPUAllocator: ") != std::string::npos ||
         message.find("out of memory") != std::string::npos;
}

}  // namespace

void throwToJs(Addon& addon, std::exception_ptr error, const std::string& op) {
  try {
    std::rethrow_exception(error);
  } catch (const PendingException&) {
    bool pending = false;
    napi_is_exception_pending(addon.env, &pending);
    if (!pending) raise(addon, "ERR_INVALID_STATE", op, "", "Node.js is shutting down");
  } catch (const ThrownValue& e) {
    e.throwAgain(addon.env);
  } catch (const TorchError& e) {
    raise(addon, e.code, e.op.empty() ? op : e.op, e.argument, e.message);
  } catch (const c10::IndexError& e) {
    raise(addon, "ERR_OUT_OF_RANGE", op, "", withoutBacktrace(e.what_without_backtrace()));
  } catch (const c10::NotImplementedError& e) {
    raise(addon, "ERR_NOT_IMPLEMENTED", op, "", withoutBacktrace(e.what_without_backtrace()));
  } catch (const c10::Error& e) {
    std::string message = withoutBacktrace(e.what_without_backtrace());
    raise(addon, isOutOfMemory(message) ? "ERR_OUT_OF_MEMORY" : "ERR_TORCH", op, "", message);
  } catch (const std::bad_alloc&) {
    raise(addon, "ERR_OUT_OF_MEMORY", op, "", "out of memory");
  } catch (const std::exception& e) {
    raise(addon, "ERR_TORCH", op, "", withoutBacktrace(e.what()));
  } catch (...) {
    raise(addon, "ERR_TORCH", op, "", "unknown C++ exception");
  }
}
