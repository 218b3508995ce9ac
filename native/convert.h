// JavaScript values to C++ and back. Every argument error is born here.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <c10/core/Device.h>
#include <c10/core/Scalar.h>
#include <c10/util/SmallVector.h>
#include <node_api.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct Addon;
struct Handle;

/** Where a call finds its operator and arguments without asking V8 for each: the head of `addon.lists`.
 * lib/lists.ts writes it. */
struct Frame {
  static constexpr size_t most = 7;
  enum Tag { number, undefined, null, isFalse, isTrue, word };

  double op;
  double tags;  // three bits an argument
  double values[most];

  Tag tag(size_t i) const {
    return i < most ? static_cast<Tag>(static_cast<uint32_t>(tags) >> (3 * i) & 7) : undefined;
  }
};

using IntVector = c10::SmallVector<int64_t, 6>;

/** The arguments of one native call, read by position. Errors name the operator and the argument. */
class Arguments {
 public:
  static constexpr size_t most = 40;

  Arguments(Addon& addon, const char* op, const char* const* names, size_t count, size_t given,
            napi_value* values);

  Addon& addon;
  napi_env env;

  /** Goes on as the call of an operator whose arguments begin at position `first`; lists come as places in
   * `addon.lists`. */
  Arguments from(size_t first, const char* op, const char* const* names, size_t count) const;
  /** The same for arguments that lie in `frame`. */
  Arguments from(const Frame& frame, const char* op, const char* const* names, size_t count) const;

  size_t given() const { return given_; }
  bool isMissing(size_t i) const;  // undefined, or not given
  bool isNull(size_t i) const;     // undefined or null
  napi_value raw(size_t i) const {
    return i >= given_ ? nullptr : frame_ != nullptr ? fromFrame(i) : values_[i];
  }

  Handle& handle(size_t i) const;
  const at::Tensor& tensor(size_t i) const {
    return isFramedNumber(i) ? tensorAt(frame_->values[i], i) : tensorOf(raw(i), i);
  }
  /** A tensor, or a number as a tensor without dimensions that `number` then holds. */
  const at::Tensor& tensorOrNumber(size_t i, at::Tensor& number) const;
  std::optional<at::Tensor> optionalTensor(size_t i) const;
  std::vector<at::Tensor> tensors(size_t i) const;
  std::vector<std::optional<at::Tensor>> optionalTensors(size_t i) const;
  c10::Scalar scalar(size_t i) const {
    return isFramedNumber(i) ? scalarFrom(frame_->values[i]) : scalarOf(raw(i), i);
  }
  std::vector<c10::Scalar> scalars(size_t i) const;
  int64_t integer(size_t i) const {
    return isFramedNumber(i) ? integerFrom(frame_->values[i], i) : integerOf(raw(i), i);
  }
  uint32_t index(size_t i) const;
  double number(size_t i) const { return isFramedNumber(i) ? frame_->values[i] : numberOf(raw(i), i); }
  bool boolean(size_t i) const {
    if (frame_ == nullptr || frame_->tag(i) < Frame::isFalse) return booleanOf(raw(i), i);
    return frame_->tag(i) == Frame::isTrue;
  }
  std::string text(size_t i) const;
  napi_value function(size_t i) const;
  /** A list; one number stands for `expand` equal ones if that is not 0. */
  IntVector integers(size_t i, int32_t expand = 0) const;
  std::vector<double> numbers(size_t i, int32_t expand = 0) const;
  std::vector<bool> booleans(size_t i, int32_t expand = 0) const;
  std::vector<std::string> texts(size_t i) const;
  c10::ScalarType dtype(size_t i) const;
  c10::Layout layout(size_t i) const;
  c10::Device device(size_t i) const;
  /** A device that tensors can be made on; the error says why another cannot. */
  c10::Device availableDevice(size_t i) const;
  c10::MemoryFormat memoryFormat(size_t i) const;
  at::Generator generator(size_t i) const;

  /** A value of a schema's type; `type` is the type within an Optional. */
  c10::IValue value(size_t i, const c10::Type& type, int32_t expand) const;

  napi_value from(bool value) const;
  napi_value from(int64_t value) const;  // a bigint beyond 2^53
  napi_value from(double value) const;
  napi_value from(const std::string& value) const;
  napi_value from(const c10::Scalar& value) const;
  napi_value from(at::IntArrayRef values) const;
  /** Tensors go out as slots: `object` is what each will belong to. Undefined tensors go out as null. */
  napi_value adopt(napi_value object, at::Tensor tensor) const;
  napi_value adoptNew(at::Tensor tensor) const;
  napi_value adoptGenerator(napi_value object, at::Generator generator) const;
  napi_value from(c10::IValue value) const;
  napi_value null() const;
  napi_value undefined() const { return nullptr; }

  /** Fails if more arguments are given than `count`, unless they are undefined. */
  void allowAtMost(size_t count) const;
  [[noreturn]] void fail(size_t i, const std::string& expected) const;
  [[noreturn]] void failValue(size_t i, const std::string& message,
                              const char* code = "ERR_INVALID_ARG_VALUE") const;

 private:
  bool isFramedNumber(size_t i) const { return frame_ != nullptr && frame_->tag(i) == Frame::number; }
  napi_value fromFrame(size_t i) const;
  /** The string that argument i names by its number in `addon.words`; null if it does not. */
  const std::string* framedWord(size_t i) const;
  bool readNumber(size_t i, double& number) const;
  /** A whole number is an integer, as a literal without a point is in Python; minus zero is not. */
  static c10::Scalar scalarFrom(double number);
  int64_t integerFrom(double number, size_t i) const;
  const at::Tensor& tensorOf(napi_value value, size_t i) const;
  c10::Scalar scalarOf(napi_value value, size_t i) const;
  int64_t integerOf(napi_value value, size_t i) const;
  double numberOf(napi_value value, size_t i) const;
  bool booleanOf(napi_value value, size_t i) const;
  std::string textOf(napi_value value, size_t i) const;
  /** A short string without a copy on the heap; what is too long is cut, and then no known word. */
  using Word = std::array<char, 40>;
  std::string_view word(size_t i, Word& buffer, const char* expected) const;
  uint32_t lengthOf(size_t i, const char* expected) const;
  /** The elements of a list that lies in `addon.lists`; empty optional if argument i is no such list. */
  std::optional<at::ArrayRef<double>> placed(size_t i) const;
  const at::Tensor& tensorAt(double slot, size_t i) const;
  napi_value element(size_t i, uint32_t k) const;
  napi_valuetype typeOf(napi_value value) const;
  std::string describe(napi_value value) const;
  std::string name(size_t i) const;

  const char* op_;
  const char* const* names_;
  size_t count_, given_;
  napi_value* values_;
  const Frame* frame_ = nullptr;
  bool hasPlacedLists_ = false;
};

/** PyTorch's own name: "float32", "int64", "bool". */
const char* dtypeName(c10::ScalarType dtype);
/** "strided", "sparse_coo", … */
const char* layoutName(c10::Layout layout);
/** The place of a dtype in the table of names, and the name in a place; null behind the last. */
int64_t dtypeIndex(c10::ScalarType dtype);
const char* dtypeAt(int64_t index);

/** How many devices of a kind there are; 0 where this LibTorch or this machine has none. */
int deviceCount(c10::DeviceType type);
