#include "signatures.h"

namespace {

using at::Generator;
using at::Tensor;
using c10::Device;
using c10::Layout;
using c10::MemoryFormat;
using c10::Scalar;
using c10::ScalarType;
using c10::SymInt;
using c10::SymIntArrayRef;
using std::optional;

/** A C++ type as it stands in a key made of a schema's types. */
template <class T>
constexpr const char* key = nullptr;
template <>
constexpr const char* key<const Tensor&> = "Tensor,";
template <>
constexpr const char* key<Tensor&> = "Tensor!,";
template <>
constexpr const char* key<const optional<Tensor>&> = "Tensor?,";
template <>
constexpr const char* key<const Scalar&> = "Scalar,";
template <>
constexpr const char* key<const optional<Scalar>&> = "Scalar?,";
template <>
constexpr const char* key<int64_t> = "int,";
template <>
constexpr const char* key<SymInt> = "SymInt,";
template <>
constexpr const char* key<optional<int64_t>> = "int?,";
template <>
constexpr const char* key<optional<SymInt>> = "SymInt?,";
template <>
constexpr const char* key<double> = "float,";
template <>
constexpr const char* key<optional<double>> = "float?,";
template <>
constexpr const char* key<bool> = "bool,";
template <>
constexpr const char* key<optional<bool>> = "bool?,";
template <>
constexpr const char* key<ScalarType> = "ScalarType,";
template <>
constexpr const char* key<optional<ScalarType>> = "ScalarType?,";
template <>
constexpr const char* key<optional<Layout>> = "Layout?,";
template <>
constexpr const char* key<optional<Device>> = "Device?,";
template <>
constexpr const char* key<optional<MemoryFormat>> = "MemoryFormat?,";
template <>
constexpr const char* key<optional<Generator>> = "Generator?,";
template <>
constexpr const char* key<at::IntArrayRef> = "int[],";
template <>
constexpr const char* key<at::OptionalIntArrayRef> = "int[]?,";
template <>
constexpr const char* key<SymIntArrayRef> = "SymInt[],";
template <>
constexpr const char* key<at::OptionalSymIntArrayRef> = "SymInt[]?,";
template <>
constexpr const char* key<at::TensorList> = "Tensor[],";
template <>
constexpr const char* key<const at::ITensorListRef&> = "Tensor[],";
template <>
constexpr const char* key<const c10::List<optional<Tensor>>&> = "Tensor?[],";
template <>
constexpr const char* key<Tensor> = "Tensor,";
template <>
constexpr const char* key<void> = "";

template <class Result, class... Args>
std::string keyOf(Result (*)(Args...)) {
  std::string result;
  ((result += key<Args>), ...);
  return result + "->" + key<Result>;
}

std::string typeKey(const c10::Type& type, const c10::AliasInfo* alias) {
  using c10::TypeKind;
  switch (type.kind()) {
    case TypeKind::OptionalType:
      return typeKey(*type.castRaw<c10::OptionalType>()->getElementType(), nullptr) + "?";
    case TypeKind::ListType:
      return typeKey(*type.castRaw<c10::ListType>()->getElementType(), nullptr) + "[]";
    case TypeKind::TensorType:
      return alias != nullptr && alias->isWrite() ? "Tensor!" : "Tensor";
    case TypeKind::NumberType:
      return "Scalar";
    case TypeKind::IntType:
      return "int";
    case TypeKind::SymIntType:
      return "SymInt";
    case TypeKind::FloatType:
      return "float";
    case TypeKind::BoolType:
      return "bool";
    case TypeKind::ScalarTypeType:
      return "ScalarType";
    case TypeKind::LayoutType:
      return "Layout";
    case TypeKind::DeviceObjType:
      return "Device";
    case TypeKind::MemoryFormatType:
      return "MemoryFormat";
    case TypeKind::GeneratorType:
      return "Generator";
    default:
      return "other";
  }
}

std::string schemaKey(const c10::FunctionSchema& schema) {
  std::string result;
  for (const auto& argument : schema.arguments())
    result += typeKey(*argument.real_type(), argument.alias_info()) + ",";
  result += "->";
  for (const auto& value : schema.returns()) result += typeKey(*value.real_type(), value.alias_info()) + ",";
  return result;
}

template <class Signature>
std::unique_ptr<Unboxed> make(const c10::OperatorHandle& handle) {
  return std::make_unique<UnboxedCall<Signature>>(handle);
}

struct Entry {
  std::string key;
  std::unique_ptr<Unboxed> (*make)(const c10::OperatorHandle&);
};

template <class... Signatures>
std::vector<Entry> entries() {
  return {Entry{keyOf(static_cast<Signatures*>(nullptr)), make<Signatures>}...};
}

using T = const Tensor&;
using M = Tensor&;  // written in place
using S = const Scalar&;
using OT = const optional<Tensor>&;
using OD = optional<ScalarType>;

// The commonest signatures of public operators, and those of the hot ones with long lists of arguments.
std::vector<Entry> common() {
  return entries<
      Tensor(T), Tensor(T, T), Tensor(T, S), Tensor(T, T, S), Tensor(T, S, S), Tensor(T, T, T),
      Tensor(T, T, T, S), Tensor(T, T, T, S, S), Tensor(T, T, OT), Tensor(T, int64_t),
      Tensor(T, int64_t, int64_t), Tensor(T, int64_t, T), Tensor(T, int64_t, SymInt),
      Tensor(T, int64_t, bool), Tensor(T, int64_t, OD), Tensor(T, T, int64_t), Tensor(T, T, bool),
      Tensor(T, bool), Tensor(T, double, bool), Tensor(T, OD), Tensor(T, T, T, bool),
      Tensor(T, SymIntArrayRef), Tensor(T, at::IntArrayRef), Tensor(T, SymIntArrayRef, bool),
      Tensor(T, at::IntArrayRef, bool), Tensor(T, at::IntArrayRef, bool, OD),
      Tensor(T, at::OptionalIntArrayRef, bool), Tensor(T, at::OptionalIntArrayRef, bool, OD),
      Tensor(T, optional<int64_t>, bool), Tensor(T, int64_t, optional<SymInt>, optional<SymInt>, SymInt),
      Tensor(T, optional<MemoryFormat>), Tensor(T, c10::ScalarType, bool, bool, optional<MemoryFormat>),
      Tensor(T, T, OT, int64_t, SymInt), Tensor(T, T, OT, int64_t, SymInt, double),
      Tensor(T, T, OT, SymIntArrayRef, SymIntArrayRef, SymIntArrayRef, SymInt),
      Tensor(T, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, bool),
      Tensor(T, OT, OT, OT, OT, bool, double, double, bool), Tensor(T, SymIntArrayRef, OT, OT, double, bool),
      Tensor(T, T, SymInt, bool, bool), Tensor(const at::ITensorListRef&, int64_t),
      Tensor(at::TensorList, int64_t), Tensor(T, const c10::List<optional<Tensor>>&),
      Tensor(SymIntArrayRef, OD, optional<Layout>, optional<Device>, optional<bool>),
      Tensor(T, OD, optional<Layout>, optional<Device>, optional<bool>, optional<MemoryFormat>), M(M),
      M(M, T), M(M, S), M(M, T, S), M(M, T, T, S), M(M, T, bool), M(M, optional<Generator>),
      M(M, double, double, optional<Generator>), M(M, T, T), bool(T, T), bool(T), int64_t(T),
      int64_t(T, int64_t)>();
}

}  // namespace

std::unique_ptr<Unboxed> findUnboxed(const c10::OperatorHandle& handle) {
  std::string wanted = schemaKey(handle.schema());
  static const std::vector<Entry>& table = *new std::vector<Entry>(common());  // constant; never destroyed
  for (const auto& entry : table) {
    if (entry.key != wanted) continue;
    try {
      return entry.make(handle);
    } catch (const c10::Error&) {
      // The kernel's own signature is another one (an ITensorListRef, say): try the next, or box.
    }
  }
  return nullptr;
}
