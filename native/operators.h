// Operators of LibTorch, found once by their schema and called through its dispatcher.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>
#include <node_api.h>

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

class Arguments;
struct Operator;

/** A call with C++ arguments, for an operator that has one of the common signatures (see signatures.h). */
struct Unboxed {
  virtual ~Unboxed() = default;
  /** `object` is the JavaScript object that a resulting tensor will belong to. */
  virtual napi_value call(const Operator& op, const Arguments& args, napi_value object) const = 0;
};

struct Operator {
  explicit Operator(c10::OperatorHandle handle);

  c10::OperatorHandle handle;
  std::string name;  // without "aten::" and overload: what errors name
  std::vector<const char*> argumentNames;
  std::vector<size_t> written;                        // positions of arguments that the operator changes
  std::vector<std::vector<int64_t>> defaultIntegers;  // by position, the defaults that are lists of integers
  bool returnsNew = true;                             // a result that is no argument
  bool isFactory = false;  // makes a tensor, if of another's shape: Python keeps autograd out of it
  bool isPlain = false;    // a kernel of its own, and no result that shares memory with an argument
  std::unique_ptr<Unboxed> unboxed;

  const c10::FunctionSchema& schema() const { return handle.schema(); }
  napi_value call(const Arguments& args, napi_value object) const;

 private:
  bool isTensor(size_t i) const {
    return schema().arguments()[i].type()->kind() == c10::TypeKind::TensorType;
  }
  void cutWritten(const Arguments& args) const;
  napi_value callBoxed(const Arguments& args, napi_value object) const;
};

/** The operators that have been asked for, by number. */
class Operators {
 public:
  /** The number of an operator, or -1 if the LibTorch in use has none of that name. */
  int64_t find(const std::string& name, const std::string& overload);
  const Operator* at(uint32_t number) const {
    return number < operators_.size() ? &operators_[number] : nullptr;
  }

 private:
  std::deque<Operator> operators_;
  std::unordered_map<std::string, uint32_t> numbers_;
};

/** An unboxed call for the signature that the operator's kernel has, or null: then it is called boxed. */
std::unique_ptr<Unboxed> findUnboxed(const c10::OperatorHandle& handle);
