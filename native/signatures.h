// Unboxed calls: one template for each C++ type of an argument, and the list of signatures worth having.
#pragma once

#include <ATen/core/IListRef.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <c10/core/SymIntArrayRef.h>

#include <utility>

#include "addon.h"
#include "convert.h"
#include "operators.h"
#include "watched.h"

/** Argument i of a call as a C++ T; the schema's default where it is missing. */
template <class T>
struct From;

template <class T>
struct From<const T&> : From<T> {
  using From<T>::From;
};

#define DEFAULT(args, op, i) (*(op).schema().arguments()[i].default_value())
#define HAS_DEFAULT(args, op, i) ((args).isMissing(i) && (op).schema().arguments()[i].default_value())

template <>
struct From<const at::Tensor&> {
  From(const Operator&, const Arguments& args, size_t i) : value(&args.tensorOrNumber(i, number)) {}
  const at::Tensor& get() {
    return number.defined() ? number : *value;
  }  // `value` is of the object before it moved
  at::Tensor number;
  const at::Tensor* value;
};

template <>
struct From<at::Tensor&> {
  From(const Operator&, const Arguments& args, size_t i) : value(args.tensor(i)) {}
  at::Tensor& get() { return value; }
  at::Tensor value;
};

template <>
struct From<std::optional<at::Tensor>> {
  From(const Operator&, const Arguments& args, size_t i) : value(args.optionalTensor(i)) {}
  const std::optional<at::Tensor>& get() { return value; }
  std::optional<at::Tensor> value;
};

// A number and its kin: how it is read, and how its default is.
#define SIMPLE(TYPE, READ, FROM_IVALUE)                                                                 \
  template <>                                                                                           \
  struct From<TYPE> {                                                                                   \
    From(const Operator& op, const Arguments& args, size_t i)                                           \
        : value(HAS_DEFAULT(args, op, i) ? TYPE(DEFAULT(args, op, i).FROM_IVALUE) : TYPE(args.READ)) {} \
    TYPE get() { return value; }                                                                        \
    TYPE value;                                                                                         \
  };                                                                                                    \
  template <>                                                                                           \
  struct From<std::optional<TYPE>> {                                                                    \
    From(const Operator& op, const Arguments& args, size_t i) {                                         \
      if (!args.isNull(i))                                                                              \
        value = TYPE(args.READ);                                                                        \
      else if (args.isMissing(i) && DEFAULT_IS_SOME(op, i))                                             \
        value = TYPE(DEFAULT(args, op, i).FROM_IVALUE);                                                 \
    }                                                                                                   \
    std::optional<TYPE> get() { return value; }                                                         \
    std::optional<TYPE> value;                                                                          \
  };
#define DEFAULT_IS_SOME(op, i) \
  ((op).schema().arguments()[i].default_value() && !(op).schema().arguments()[i].default_value()->isNone())

SIMPLE(int64_t, integer(i), toInt())
SIMPLE(c10::SymInt, integer(i), toInt())
SIMPLE(double, number(i), toDouble())
SIMPLE(bool, boolean(i), toBool())
SIMPLE(c10::ScalarType, dtype(i), toScalarType())
SIMPLE(c10::Layout, layout(i), toLayout())
SIMPLE(c10::MemoryFormat, memoryFormat(i), toMemoryFormat())
SIMPLE(c10::Device, availableDevice(i), toDevice())
#undef SIMPLE

template <>
struct From<c10::Scalar> {
  From(const Operator& op, const Arguments& args, size_t i)
      : value(HAS_DEFAULT(args, op, i) ? DEFAULT(args, op, i).toScalar() : args.scalar(i)) {}
  const c10::Scalar& get() { return value; }
  c10::Scalar value;
};

template <>
struct From<std::optional<c10::Scalar>> {
  From(const Operator& op, const Arguments& args, size_t i) {
    if (!args.isNull(i))
      value = args.scalar(i);
    else if (args.isMissing(i) && DEFAULT_IS_SOME(op, i))
      value = DEFAULT(args, op, i).toScalar();
  }
  const std::optional<c10::Scalar>& get() { return value; }
  std::optional<c10::Scalar> value;
};

template <>
struct From<std::optional<at::Generator>> {
  From(const Operator&, const Arguments& args, size_t i) {
    if (!args.isNull(i)) value = args.generator(i);
  }
  std::optional<at::Generator> get() { return value; }
  std::optional<at::Generator> value;
};

template <>
struct From<at::IntArrayRef> {
  From(const Operator& op, const Arguments& args, size_t i) {
    if (HAS_DEFAULT(args, op, i)) {
      const auto& list = op.defaultIntegers[i];
      value.assign(list.begin(), list.end());
    } else {
      value = args.integers(i, op.schema().arguments()[i].N().value_or(0));
    }
  }
  at::IntArrayRef get() { return value; }
  IntVector value;
};

template <>
struct From<c10::SymIntArrayRef> : From<at::IntArrayRef> {
  using From<at::IntArrayRef>::From;
  c10::SymIntArrayRef get() { return c10::fromIntArrayRefSlow(value); }
};

template <>
struct From<at::OptionalIntArrayRef> {
  From(const Operator& op, const Arguments& args, size_t i) {
    if (args.isNull(i)) return;
    value = args.integers(i, op.schema().arguments()[i].N().value_or(0));
    given = true;
  }
  at::OptionalIntArrayRef get() { return given ? at::OptionalIntArrayRef(value) : std::nullopt; }
  IntVector value;
  bool given = false;
};

template <>
struct From<at::OptionalSymIntArrayRef> : From<at::OptionalIntArrayRef> {
  using From<at::OptionalIntArrayRef>::From;
  at::OptionalSymIntArrayRef get() {
    return given ? at::OptionalSymIntArrayRef(c10::fromIntArrayRefSlow(value)) : std::nullopt;
  }
};

template <>
struct From<at::TensorList> {
  From(const Operator&, const Arguments& args, size_t i) : value(args.tensors(i)) {}
  at::TensorList get() { return value; }
  std::vector<at::Tensor> value;
};

template <>
struct From<at::ITensorListRef> : From<at::TensorList> {
  using From<at::TensorList>::From;
  at::ITensorListRef get() { return at::ITensorListRef(value); }
};

template <>
struct From<c10::List<std::optional<at::Tensor>>> {
  From(const Operator&, const Arguments& args, size_t i) {
    for (auto& item : args.optionalTensors(i)) value.push_back(std::move(item));
  }
  const c10::List<std::optional<at::Tensor>>& get() { return value; }
  c10::List<std::optional<at::Tensor>> value;
};

/** As `isWatched` of a tensor, for each kind of argument. */
template <class T>
bool isWatched(const From<T>&) {
  return false;
}
inline bool isWatched(const From<const at::Tensor&>& from) {
  return isWatched(from.number.defined() ? from.number : *from.value);
}
inline bool isWatched(const From<const std::optional<at::Tensor>&>& from) {
  return from.value.has_value() && isWatched(*from.value);
}
inline bool areWatched(const std::vector<at::Tensor>& tensors) {
  for (const auto& tensor : tensors)
    if (isWatched(tensor)) return true;
  return false;
}
inline bool isWatched(const From<at::TensorList>& from) { return areWatched(from.value); }
inline bool isWatched(const From<const at::ITensorListRef&>& from) { return areWatched(from.value); }
inline bool isWatched(const From<const c10::List<std::optional<at::Tensor>>&>& from) {
  for (const std::optional<at::Tensor> tensor : from.value)
    if (tensor.has_value() && isWatched(*tensor)) return true;
  return false;
}

template <class Signature>
struct UnboxedCall;

template <class Result, class... Args>
struct UnboxedCall<Result(Args...)> : Unboxed {
  explicit UnboxedCall(const c10::OperatorHandle& handle) : handle(handle.typed<Result(Args...)>()) {}

  napi_value call(const Operator& op, const Arguments& args, napi_value object) const override {
    args.allowAtMost(sizeof...(Args));
    return call(op, args, object, std::index_sequence_for<Args...>());
  }

  template <size_t... I>
  napi_value call(const Operator& op, const Arguments& args, napi_value object,
                  std::index_sequence<I...>) const {
    std::tuple<From<Args>...> values{From<Args>(op, args, I)...};
    // Where there is nothing to record, the kernel is called past autograd's: a tenth of a small call.
    std::optional<at::AutoDispatchBelowADInplaceOrView> below;
    if (op.isPlain && !args.addon.isTransforming() && !(isWatched(std::get<I>(values)) || ...))
      below.emplace();
    if constexpr (std::is_same_v<Result, at::Tensor>) {
      return args.adopt(object, handle.call(std::get<I>(values).get()...));
    } else if constexpr (std::is_same_v<Result, bool> || std::is_same_v<Result, int64_t>) {
      return args.from(handle.call(std::get<I>(values).get()...));
    } else {
      handle.call(std::get<I>(values).get()...);
      return args.undefined();  // the result is an argument, or there is none
    }
  }

  c10::TypedOperatorHandle<Result(Args...)> handle;
};
