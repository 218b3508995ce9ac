#include "convert.h"

#include <ATen/ScalarOps.h>
#include <c10/core/Layout.h>
#include <c10/core/MemoryFormat.h>

#include <cmath>

#include "addon.h"

namespace {

constexpr double safeInteger = 9007199254740991.0;
// No operator takes longer lists; an array without elements can have any length, and would fill the memory.
constexpr uint32_t longestList = 1 << 24;

template <class Enum>
struct Named {
  const char* name;
  Enum value;
};

using c10::Layout;
using c10::MemoryFormat;
using c10::ScalarType;

// The first name of a type is the one that goes out.
constexpr Named<ScalarType> dtypes[] = {
    {"float32", ScalarType::Float},
    {"float64", ScalarType::Double},
    {"int64", ScalarType::Long},
    {"int32", ScalarType::Int},
    {"int16", ScalarType::Short},
    {"int8", ScalarType::Char},
    {"uint8", ScalarType::Byte},
    {"bool", ScalarType::Bool},
    {"float16", ScalarType::Half},
    {"bfloat16", ScalarType::BFloat16},
    {"complex64", ScalarType::ComplexFloat},
    {"complex128", ScalarType::ComplexDouble},
    {"complex32", ScalarType::ComplexHalf},
    {"uint16", ScalarType::UInt16},
    {"uint32", ScalarType::UInt32},
    {"uint64", ScalarType::UInt64},
    {"float8_e4m3fn", ScalarType::Float8_e4m3fn},
    {"float8_e5m2", ScalarType::Float8_e5m2},
    {"float8_e4m3fnuz", ScalarType::Float8_e4m3fnuz},
    {"float8_e5m2fnuz", ScalarType::Float8_e5m2fnuz},
    {"float8_e8m0fnu", ScalarType::Float8_e8m0fnu},
    {"qint8", ScalarType::QInt8},
    {"quint8", ScalarType::QUInt8},
    {"qint32", ScalarType::QInt32},
};

constexpr Named<Layout> layouts[] = {
    {"strided", Layout::Strided},      {"sparse_coo", Layout::Sparse},    {"sparse_csr", Layout::SparseCsr},
    {"sparse_csc", Layout::SparseCsc}, {"sparse_bsr", Layout::SparseBsr}, {"sparse_bsc", Layout::SparseBsc},
    {"_mkldnn", Layout::Mkldnn},       {"jagged", Layout::Jagged},
};

constexpr Named<MemoryFormat> memoryFormats[] = {
    {"contiguous_format", MemoryFormat::Contiguous},
    {"preserve_format", MemoryFormat::Preserve},
    {"channels_last", MemoryFormat::ChannelsLast},
    {"channels_last_3d", MemoryFormat::ChannelsLast3d},
};

template <class Enum, size_t N>
const Enum* byName(const Named<Enum> (&table)[N], std::string_view name) {
  for (const auto& entry : table)
    if (name == entry.name) return &entry.value;
  return nullptr;
}

template <class Enum, size_t N>
const char* nameOf(const Named<Enum> (&table)[N], Enum value) {
  for (const auto& entry : table)
    if (value == entry.value) return entry.name;
  return "unknown";
}

template <class Enum, size_t N>
std::string listNames(const Named<Enum> (&table)[N]) {
  std::string result;
  for (const auto& entry : table) result += (result.empty() ? "one of " : ", ") + std::string(entry.name);
  return result;
}

}  // namespace

const char* dtypeName(ScalarType dtype) { return nameOf(dtypes, dtype); }

const char* layoutName(Layout layout) { return nameOf(layouts, layout); }

int64_t dtypeIndex(ScalarType dtype) {
  for (size_t k = 0; k < std::size(dtypes); ++k)
    if (dtypes[k].value == dtype) return static_cast<int64_t>(k);
  return -1;
}

const char* dtypeAt(int64_t index) {
  return index >= 0 && index < static_cast<int64_t>(std::size(dtypes)) ? dtypes[index].name : nullptr;
}

Arguments::Arguments(Addon& addon, const char* op, const char* const* names, size_t count, size_t given,
                     napi_value* values)
    : addon(addon), env(addon.env), op_(op), names_(names), count_(count), given_(given), values_(values) {}

Arguments Arguments::from(size_t first, const char* op, const char* const* names, size_t count) const {
  Arguments result(addon, op, names, count, given_ > first ? given_ - first : 0, values_ + first);
  result.hasPlacedLists_ = true;
  return result;
}

Arguments Arguments::from(const Frame& frame, const char* op, const char* const* names, size_t count) const {
  Arguments result(addon, op, names, count, Frame::most, nullptr);
  result.frame_ = &frame;
  result.hasPlacedLists_ = true;
  return result;
}

napi_value Arguments::fromFrame(size_t i) const {
  napi_value value = nullptr;
  switch (frame_->tag(i)) {
    case Frame::number:
      napi_create_double(env, frame_->values[i], &value);
      break;
    case Frame::null:
      napi_get_null(env, &value);
      break;
    case Frame::isFalse:
    case Frame::isTrue:
      napi_get_boolean(env, frame_->tag(i) == Frame::isTrue, &value);
      break;
    case Frame::word:
      if (const std::string* text = framedWord(i)) return from(*text);
      [[fallthrough]];
    default:
      napi_get_undefined(env, &value);
  }
  return value;
}

const std::string* Arguments::framedWord(size_t i) const {
  if (frame_ == nullptr || frame_->tag(i) != Frame::word) return nullptr;
  const double number = frame_->values[i];
  return number >= 0 && number < addon.words.size() ? &addon.words[static_cast<size_t>(number)] : nullptr;
}

// ---- errors

std::string Arguments::name(size_t i) const { return i < count_ ? names_[i] : std::to_string(i); }

std::string Arguments::describe(napi_value value) const {
  bool is = false;
  switch (typeOf(value)) {
    case napi_undefined:
      return "undefined";
    case napi_null:
      return "null";
    case napi_boolean: {
      napi_get_value_bool(env, value, &is);
      return is ? "true" : "false";
    }
    case napi_number: {
      double number;
      napi_get_value_double(env, value, &number);
      if (std::isnan(number)) return "NaN";
      napi_value string;
      napi_coerce_to_string(env, value, &string);
      char buffer[40] = "";
      napi_get_value_string_utf8(env, string, buffer, sizeof buffer, nullptr);
      return std::string("number ") + buffer;
    }
    case napi_bigint:
      return "bigint";
    case napi_string: {
      char buffer[64] = "";
      size_t length = 0;
      napi_get_value_string_utf8(env, value, buffer, sizeof buffer, &length);
      return "string \"" + std::string(buffer, length) + "\"";
    }
    case napi_symbol:
      return "symbol";
    case napi_function:
      return "function";
    case napi_external:
      return "external";
    default:
      break;
  }
  if (napi_is_array(env, value, &is) == napi_ok && is) return "array";
  if (napi_is_typedarray(env, value, &is) == napi_ok && is) return "typed array";
  return "object";
}

void Arguments::allowAtMost(size_t count) const {
  for (size_t i = count; i < given_; ++i)
    if (!isMissing(i))
      failValue(i, "expected at most " + std::to_string(count) + " arguments, got " + std::to_string(given_));
}

void Arguments::fail(size_t i, const std::string& expected) const {
  throw TorchError("ERR_INVALID_ARG_TYPE", op_, name(i),
                   "expected " + expected + ", got " + describe(raw(i)));
}

void Arguments::failValue(size_t i, const std::string& message, const char* code) const {
  throw TorchError(code, op_, name(i), message);
}

// ---- from JavaScript

napi_valuetype Arguments::typeOf(napi_value value) const {
  napi_valuetype type = napi_undefined;
  if (value != nullptr) napi_typeof(env, value, &type);
  return type;
}

bool Arguments::readNumber(size_t i, double& number) const {
  if (frame_ == nullptr) return i < given_ && napi_get_value_double(env, values_[i], &number) == napi_ok;
  number = i < Frame::most ? frame_->values[i] : 0;
  return isFramedNumber(i);
}

bool Arguments::isMissing(size_t i) const {
  if (frame_ != nullptr) return frame_->tag(i) == Frame::undefined;
  return i >= given_ || typeOf(values_[i]) == napi_undefined;
}

bool Arguments::isNull(size_t i) const {
  if (frame_ != nullptr) return frame_->tag(i) == Frame::undefined || frame_->tag(i) == Frame::null;
  if (i >= given_) return true;
  napi_valuetype type = typeOf(values_[i]);
  return type == napi_undefined || type == napi_null;
}

Handle& Arguments::handle(size_t i) const {
  tensor(i);
  return *addon.handles.find(index(i));
}

const at::Tensor& Arguments::tensorOf(napi_value value, size_t i) const {
  double slot;
  if (value == nullptr || napi_get_value_double(env, value, &slot) != napi_ok) fail(i, "Tensor");
  return tensorAt(slot, i);
}

const at::Tensor& Arguments::tensorAt(double number, size_t i) const {
  if (!(number >= 0 && number <= UINT32_MAX)) fail(i, "Tensor");
  uint32_t slot = static_cast<uint32_t>(number);
  if (slot != number) fail(i, "Tensor");
  // 0 is what a value that is no tensor has for a slot.
  if (slot == 0) throw TorchError("ERR_INVALID_ARG_TYPE", op_, name(i), "expected Tensor");
  Handle* handle = addon.handles.find(slot);
  if (handle == nullptr || !handle->tensor.defined())
    failValue(i, "the tensor has been disposed", "ERR_DISPOSED");
  return handle->tensor;
}

std::optional<at::Tensor> Arguments::optionalTensor(size_t i) const {
  if (isNull(i)) return std::nullopt;
  return tensor(i);
}

const at::Tensor& Arguments::tensorOrNumber(size_t i, at::Tensor& number) const {
  double slot;
  c10::Scalar scalar;
  if (readNumber(i, slot)) {
    // -1 - place: see lib/lists.ts
    const double place = -1 - slot;
    if (!hasPlacedLists_ || !(place >= 0 && place < addon.lists.size())) return tensorAt(slot, i);
    scalar = scalarFrom(addon.lists[static_cast<size_t>(place)]);
  } else {
    napi_valuetype type = typeOf(raw(i));
    const bool isNumber =
        type == napi_boolean || type == napi_bigint || (type == napi_object && hasPlacedLists_);
    if (!isNumber) fail(i, "Tensor");
    scalar = scalarOf(raw(i), i);
  }
  // As Python does with a number: it takes part in promotion as a number, not as a tensor of its dtype.
  number = at::detail::scalar_tensor_static(scalar, scalar.type(), at::kCPU);
  number.unsafeGetTensorImpl()->set_wrapped_number(true);
  return number;
}

uint32_t Arguments::lengthOf(size_t i, const char* expected) const {
  bool isArray = false;
  uint32_t length = 0;
  napi_value list = raw(i);
  if (list == nullptr || napi_is_array(env, list, &isArray) != napi_ok || !isArray) fail(i, expected);
  check(napi_get_array_length(env, list, &length));
  if (length > longestList)
    failValue(i,
              "expected at most " + std::to_string(longestList) + " elements, got " + std::to_string(length));
  return length;
}

napi_value Arguments::element(size_t i, uint32_t k) const {
  napi_value value;
  check(napi_get_element(env, raw(i), k, &value));
  return value;
}

std::optional<at::ArrayRef<double>> Arguments::placed(size_t i) const {
  double number;
  if (!hasPlacedLists_ || !readNumber(i, number)) return {};
  // place + length * 2^16: see lib/lists.ts
  const bool isWhole = number >= 0 && number < 4294967296.0 && std::trunc(number) == number;
  const uint32_t code = isWhole ? static_cast<uint32_t>(number) : 0;
  const uint32_t place = code & 0xffff, length = code >> 16;
  if (!isWhole || place + length > addon.lists.size()) fail(i, "list");
  return at::ArrayRef<double>(addon.lists.data() + place, length);
}

std::vector<at::Tensor> Arguments::tensors(size_t i) const {
  std::vector<at::Tensor> result;
  if (auto list = placed(i)) {
    result.reserve(list->size());
    for (double slot : *list) result.push_back(tensorAt(slot, i));
    return result;
  }
  uint32_t length = lengthOf(i, "Tensor[]");
  result.reserve(length);
  for (uint32_t k = 0; k < length; ++k) result.push_back(tensorOf(element(i, k), i));
  return result;
}

std::vector<std::optional<at::Tensor>> Arguments::optionalTensors(size_t i) const {
  std::vector<std::optional<at::Tensor>> result;
  if (auto list = placed(i)) {
    result.resize(list->size());
    for (size_t k = 0; k < list->size(); ++k)
      if ((*list)[k] != -1) result[k] = tensorAt((*list)[k], i);
    return result;
  }
  uint32_t length = lengthOf(i, "(Tensor | null)[]");
  result.resize(length);
  for (uint32_t k = 0; k < length; ++k) {
    napi_value value = element(i, k);
    napi_valuetype type = typeOf(value);
    if (type != napi_null && type != napi_undefined) result[k] = tensorOf(value, i);
  }
  return result;
}

c10::Scalar Arguments::scalarFrom(double number) {
  if (std::trunc(number) == number && std::fabs(number) <= safeInteger &&
      !(number == 0 && std::signbit(number)))
    return c10::Scalar(static_cast<int64_t>(number));
  return c10::Scalar(number);
}

c10::Scalar Arguments::scalarOf(napi_value value, size_t i) const {
  double number;
  if (value != nullptr && napi_get_value_double(env, value, &number) == napi_ok) return scalarFrom(number);
  switch (typeOf(value)) {
    case napi_boolean:
      return c10::Scalar(booleanOf(value, i));
    case napi_bigint:
      return c10::Scalar(integerOf(value, i));
    case napi_object: {
      napi_value re, im;
      bool hasRe = false, hasIm = false;
      napi_has_named_property(env, value, "re", &hasRe);
      napi_has_named_property(env, value, "im", &hasIm);
      if (hasRe && hasIm) {
        check(napi_get_named_property(env, value, "re", &re));
        check(napi_get_named_property(env, value, "im", &im));
        return c10::Scalar(c10::complex<double>(numberOf(re, i), numberOf(im, i)));
      }
      [[fallthrough]];
    }
    default:
      fail(i, "number, bigint, boolean or { re, im }");
  }
}

std::vector<c10::Scalar> Arguments::scalars(size_t i) const {
  uint32_t length = lengthOf(i, "number[]");
  std::vector<c10::Scalar> result;
  for (uint32_t k = 0; k < length; ++k) result.push_back(scalarOf(element(i, k), i));
  return result;
}

int64_t Arguments::integerFrom(double number, size_t i) const {
  if (std::trunc(number) != number || std::isinf(number)) fail(i, "integer");
  if (std::fabs(number) > safeInteger) fail(i, "integer up to 2^53 (use a bigint beyond)");
  return static_cast<int64_t>(number);
}

int64_t Arguments::integerOf(napi_value value, size_t i) const {
  double number;
  if (value != nullptr && napi_get_value_double(env, value, &number) == napi_ok)
    return integerFrom(number, i);
  int64_t result;
  bool lossless;
  if (value != nullptr && napi_get_value_bigint_int64(env, value, &result, &lossless) == napi_ok) {
    if (!lossless) fail(i, "integer of 64 bits");
    return result;
  }
  fail(i, "integer");
}

uint32_t Arguments::index(size_t i) const {
  int64_t value = integer(i);
  if (value < 0 || value > UINT32_MAX) fail(i, "index");
  return static_cast<uint32_t>(value);
}

double Arguments::numberOf(napi_value value, size_t i) const {
  double number;
  if (value != nullptr && napi_get_value_double(env, value, &number) == napi_ok) return number;
  if (typeOf(value) == napi_bigint) return static_cast<double>(integerOf(value, i));
  fail(i, "number");
}

bool Arguments::booleanOf(napi_value value, size_t i) const {
  bool result;
  if (value == nullptr || napi_get_value_bool(env, value, &result) != napi_ok) fail(i, "boolean");
  return result;
}

std::string Arguments::textOf(napi_value value, size_t i) const {
  size_t length;
  if (value == nullptr || napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok)
    fail(i, "string");
  std::string result(length, '\0');
  check(napi_get_value_string_utf8(env, value, result.data(), length + 1, &length));
  return result;
}

std::string Arguments::text(size_t i) const { return textOf(raw(i), i); }

IntVector Arguments::integers(size_t i, int32_t expand) const {
  IntVector result;
  if (auto list = placed(i)) {
    for (double value : *list) {
      if (std::trunc(value) != value || std::fabs(value) > safeInteger) fail(i, "integer[]");
      result.push_back(static_cast<int64_t>(value));
    }
    return result;
  }
  uint32_t length = lengthOf(i, expand > 0 ? "integer or integer[]" : "integer[]");
  result.reserve(length);
  for (uint32_t k = 0; k < length; ++k) {
    int64_t value = integerOf(element(i, k), i);
    // LibTorch would take these for pointers to symbolic sizes.
    if (!c10::SymInt::check_range(value)) failValue(i, "no size, stride or dimension is as low as -2^62");
    result.push_back(value);
  }
  return result;
}

std::vector<double> Arguments::numbers(size_t i, int32_t expand) const {
  if (expand > 0 && typeOf(raw(i)) == napi_number) return std::vector<double>(expand, number(i));
  uint32_t length = lengthOf(i, "number[]");
  std::vector<double> result;
  for (uint32_t k = 0; k < length; ++k) result.push_back(numberOf(element(i, k), i));
  return result;
}

std::vector<bool> Arguments::booleans(size_t i, int32_t expand) const {
  if (expand > 0 && typeOf(raw(i)) == napi_boolean) return std::vector<bool>(expand, boolean(i));
  uint32_t length = lengthOf(i, "boolean[]");
  std::vector<bool> result;
  for (uint32_t k = 0; k < length; ++k) result.push_back(booleanOf(element(i, k), i));
  return result;
}

napi_value Arguments::function(size_t i) const {
  napi_valuetype type = napi_undefined;
  if (raw(i) != nullptr) napi_typeof(env, raw(i), &type);
  if (type != napi_function) fail(i, "function");
  return raw(i);
}

std::vector<std::string> Arguments::texts(size_t i) const {
  uint32_t length = lengthOf(i, "string[]");
  std::vector<std::string> result;
  for (uint32_t k = 0; k < length; ++k) result.push_back(textOf(element(i, k), i));
  return result;
}

std::string_view Arguments::word(size_t i, Word& buffer, const char* expected) const {
  if (const std::string* text = framedWord(i)) return *text;
  size_t length = 0;
  if (raw(i) == nullptr ||
      napi_get_value_string_utf8(env, raw(i), buffer.data(), buffer.size(), &length) != napi_ok)
    fail(i, expected);
  return {buffer.data(), length};
}

ScalarType Arguments::dtype(size_t i) const {
  Word buffer;
  if (const auto* value = byName(dtypes, word(i, buffer, "dtype"))) return *value;
  fail(i, listNames(dtypes));
}

Layout Arguments::layout(size_t i) const {
  Word buffer;
  if (const auto* value = byName(layouts, word(i, buffer, "layout"))) return *value;
  fail(i, listNames(layouts));
}

MemoryFormat Arguments::memoryFormat(size_t i) const {
  Word buffer;
  if (const auto* value = byName(memoryFormats, word(i, buffer, "memory format"))) return *value;
  fail(i, listNames(memoryFormats));
}

c10::Device Arguments::device(size_t i) const {
  constexpr const char* expected = "device such as \"cpu\" or \"cuda:0\"";
  Word buffer;
  std::string_view name = word(i, buffer, expected);
  if (name == "cpu") return c10::kCPU;  // LibTorch's own reading takes as long as making the tensor
  try {
    return c10::Device(std::string(name));
  } catch (const std::exception&) {
    fail(i, expected);
  }
}

c10::Device Arguments::availableDevice(size_t i) const {
  c10::Device device = this->device(i);
  if (device.is_cpu() || device.is_meta()) return device;
  const int count = deviceCount(device.type());
  if (count == 0) {
    std::string reason =
        device.is_cuda() && !addon.cudaProblem.empty() ? addon.cudaProblem : "there is no such device";
    failValue(i, '"' + device.str() + "\" cannot be used: " + reason, "ERR_DEVICE_UNAVAILABLE");
  }
  if (device.index() >= count)
    failValue(i, '"' + device.str() + "\" cannot be used: the last one is " + std::to_string(count - 1),
              "ERR_DEVICE_UNAVAILABLE");
  return device;
}

at::Generator Arguments::generator(size_t i) const {
  int32_t number = 0;
  if (raw(i) == nullptr || napi_get_value_int32(env, raw(i), &number) != napi_ok || number >= 0)
    fail(i, "Generator");
  size_t slot = -1 - static_cast<int64_t>(number);
  if (slot >= addon.generators.size() || !addon.generators[slot].defined()) fail(i, "Generator");
  return addon.generators[slot];
}

c10::IValue Arguments::value(size_t i, const c10::Type& type, int32_t expand) const {
  using c10::TypeKind;
  switch (type.kind()) {
    case TypeKind::TensorType: {
      at::Tensor number;
      return tensorOrNumber(i, number);
    }
    case TypeKind::NumberType:
      return scalar(i);
    case TypeKind::IntType:
    case TypeKind::SymIntType:
      return integer(i);
    case TypeKind::FloatType:
      return number(i);
    case TypeKind::ComplexType:
      return scalar(i).toComplexDouble();
    case TypeKind::BoolType:
      return boolean(i);
    case TypeKind::StringType:
      return text(i);
    case TypeKind::ScalarTypeType:
      return static_cast<int64_t>(dtype(i));
    case TypeKind::LayoutType:
      return static_cast<int64_t>(layout(i));
    case TypeKind::MemoryFormatType:
      return static_cast<int64_t>(memoryFormat(i));
    case TypeKind::DeviceObjType:
      return availableDevice(i);
    case TypeKind::GeneratorType:
      return generator(i);
    case TypeKind::ListType: {
      const c10::Type& element = *type.castRaw<c10::ListType>()->getElementType();
      switch (element.kind()) {
        case TypeKind::TensorType:
          return tensors(i);
        case TypeKind::OptionalType: {
          c10::List<std::optional<at::Tensor>> list;
          for (auto& item : optionalTensors(i)) list.push_back(std::move(item));
          return list;
        }
        case TypeKind::IntType:
        case TypeKind::SymIntType: {
          IntVector list = integers(i, expand);
          return at::IntArrayRef(list);
        }
        case TypeKind::FloatType:
          return numbers(i, expand);
        case TypeKind::BoolType: {
          c10::List<bool> list;
          for (bool item : booleans(i, expand)) list.push_back(item);
          return list;
        }
        case TypeKind::NumberType: {
          c10::impl::GenericList generic(c10::NumberType::get());
          for (auto& item : scalars(i)) generic.push_back(item);
          return generic;
        }
        case TypeKind::StringType:
          return texts(i);
        default:
          break;
      }
      break;
    }
    default:
      break;
  }
  failValue(i, "a " + type.str() + " cannot be given from JavaScript", "ERR_NOT_IMPLEMENTED");
}

// ---- to JavaScript

napi_value Arguments::from(bool value) const {
  napi_value result;
  check(napi_get_boolean(env, value, &result));
  return result;
}

napi_value Arguments::from(int64_t value) const {
  napi_value result;
  if (value > static_cast<int64_t>(safeInteger) || value < -static_cast<int64_t>(safeInteger))
    check(napi_create_bigint_int64(env, value, &result));
  else
    check(napi_create_int64(env, value, &result));
  return result;
}

napi_value Arguments::from(double value) const {
  napi_value result;
  check(napi_create_double(env, value, &result));
  return result;
}

napi_value Arguments::from(const std::string& value) const {
  napi_value result;
  check(napi_create_string_utf8(env, value.data(), value.size(), &result));
  return result;
}

napi_value Arguments::from(const c10::Scalar& value) const {
  if (value.isBoolean()) return from(value.toBool());
  if (value.isComplex()) {
    napi_value result;
    auto complex = value.toComplexDouble();
    check(napi_create_object(env, &result));
    check(napi_set_named_property(env, result, "re", from(complex.real())));
    check(napi_set_named_property(env, result, "im", from(complex.imag())));
    return result;
  }
  if (value.type() == ScalarType::UInt64) {
    uint64_t integer = value.toUInt64();
    if (integer <= static_cast<uint64_t>(INT64_MAX)) return from(static_cast<int64_t>(integer));
    napi_value result;
    check(napi_create_bigint_uint64(env, integer, &result));
    return result;
  }
  if (value.isIntegral(/*includeBool=*/false)) return from(value.toLong());
  return from(value.toDouble());
}

napi_value Arguments::from(at::IntArrayRef values) const {
  napi_value result;
  check(napi_create_array_with_length(env, values.size(), &result));
  for (uint32_t k = 0; k < values.size(); ++k) check(napi_set_element(env, result, k, from(values[k])));
  return result;
}

napi_value Arguments::null() const {
  napi_value result;
  check(napi_get_null(env, &result));
  return result;
}

napi_value Arguments::adopt(napi_value object, at::Tensor tensor) const {
  if (!tensor.defined()) return null();
  uint32_t slot = addon.handles.take();
  addon.handles.attach(addon, slot, object, std::move(tensor));
  napi_value result;
  check(napi_create_uint32(env, slot, &result));
  return result;
}

napi_value Arguments::adoptNew(at::Tensor tensor) const {
  if (!tensor.defined()) return null();
  if (addon.tensorFactory == nullptr)
    throw TorchError("ERR_INVALID_STATE", op_, "", "`initialize` was not called");
  uint32_t slot = addon.handles.take();
  napi_value factory, global, number, object;
  if (napi_get_reference_value(env, addon.tensorFactory, &factory) != napi_ok ||
      napi_get_global(env, &global) != napi_ok || napi_create_uint32(env, slot, &number) != napi_ok ||
      napi_call_function(env, global, factory, 1, &number, &object) != napi_ok) {
    addon.handles.giveBack(slot);
    throw PendingException();
  }
  addon.handles.attach(addon, slot, object, std::move(tensor));
  return object;
}

napi_value Arguments::adoptGenerator(napi_value object, at::Generator generator) const {
  auto& slots = addon.generators;
  uint32_t slot = 0;
  while (slot < slots.size() && slots[slot].defined()) ++slot;
  if (slot == slots.size()) slots.emplace_back();
  struct Place {
    Addon* addon;
    uint32_t slot;
  };
  auto place = std::make_unique<Place>(Place{&addon, slot});
  auto finalize = [](napi_env, void* data, void*) {
    std::unique_ptr<Place> place(static_cast<Place*>(data));
    place->addon->generators[place->slot] = at::Generator();
    place->addon->letGo();
  };
  if (napi_add_finalizer(env, object, place.get(), finalize, nullptr, nullptr) != napi_ok)
    throw TorchError("ERR_INVALID_ARG_TYPE", op_, "object", "expected an object to hold the generator");
  place.release();
  ++addon.holders;
  slots[slot] = std::move(generator);
  return from(-1 - static_cast<int64_t>(slot));  // negative, so that it can be no tensor's
}

napi_value Arguments::from(c10::IValue value) const {
  if (value.isNone()) return null();
  if (value.isTensor()) return adoptNew(std::move(value).toTensor());
  if (value.isBool()) return from(value.toBool());
  if (value.isInt()) return from(value.toInt());
  if (value.isDouble()) return from(value.toDouble());
  if (value.isScalar()) return from(value.toScalar());
  if (value.isString()) return from(value.toStringRef());
  if (value.isDevice()) return from(value.toDevice().str());
  if (value.isTuple() || value.isList()) {
    std::vector<c10::IValue> items =
        value.isTuple() ? std::move(value).toTuple()->elements().vec() : value.toListRef().vec();
    napi_value result;
    check(napi_create_array_with_length(env, items.size(), &result));
    for (uint32_t k = 0; k < items.size(); ++k)
      check(napi_set_element(env, result, k, from(std::move(items[k]))));
    return result;
  }
  throw TorchError("ERR_NOT_IMPLEMENTED", op_, "",
                   "a result of type " + value.tagKind() + " cannot be given to JavaScript");
}
