#include "operators.h"

#include <ATen/core/LegacyTypeDispatch.h>

#include <algorithm>
#include <unordered_set>

#include "addon.h"
#include "convert.h"

namespace {

const c10::Type& unwrapped(const c10::Type& type, bool& optional) {
  optional = type.kind() == c10::TypeKind::OptionalType;
  return optional ? *type.castRaw<c10::OptionalType>()->getElementType() : type;
}

/** Whether the operator's work is done below autograd, in a kernel or in other operators, which autograd need
 * not see. */
bool isKernel(const c10::OperatorHandle& handle) {
  using c10::DispatchKey;
  return (handle.hasKernelForDispatchKey(DispatchKey::CPU) ||
          handle.hasKernelForDispatchKey(DispatchKey::CompositeExplicitAutograd)) &&
         !handle.hasKernelForDispatchKey(DispatchKey::CompositeImplicitAutograd);
}

/** Composite operators that are called often and whose results are always new memory: past autograd's
 * kernels, too, nothing of them is lost. */
bool isMadeAnew(const std::string& name) {
  static const std::unordered_set<std::string> names = {
      "conv1d", "conv2d", "conv3d", "cross_entropy_loss", "layer_norm", "linear", "matmul", "max_pool2d"};
  return names.contains(name);
}

bool sharesMemory(const c10::FunctionSchema& schema) {
  const auto isShared = [](const c10::Argument& argument) { return argument.alias_info() != nullptr; };
  return std::any_of(schema.arguments().begin(), schema.arguments().end(), isShared) ||
         std::any_of(schema.returns().begin(), schema.returns().end(), isShared);
}

/** zeros, rand, arange and their kind. */
bool makesFromNothing(const c10::FunctionSchema& schema) {
  bool saysWhere = false;
  for (const auto& argument : schema.arguments()) {
    if (argument.real_type()->str().find("Tensor") != std::string::npos) return false;  // lists, too
    saysWhere = saysWhere || argument.name() == "pin_memory";
  }
  return saysWhere;
}

/** A call that fails (no memory, say) may leave a tensor with sizes beyond its storage; it is cut to what is
 * there. */
void cutToStorage(const at::Tensor& tensor) {
  if (!tensor.defined() || !tensor.has_storage() || tensor.is_meta() || tensor.is_nested()) return;
  const int64_t size = static_cast<int64_t>(tensor.itemsize());
  const int64_t there = static_cast<int64_t>(tensor.storage().nbytes()) / size - tensor.storage_offset();
  int64_t last = 0;  // the furthest element
  for (int64_t k = 0; k < tensor.dim(); ++k) {
    if (tensor.size(k) == 0) return;
    int64_t reach;
    const bool isTooFar = tensor.size(k) < 0 ||
                          __builtin_mul_overflow(tensor.size(k) - 1, tensor.stride(k), &reach) ||
                          __builtin_add_overflow(last, reach, &last);
    if (isTooFar) last = INT64_MAX;
  }
  if (last < there) return;
  const int64_t sizes[] = {std::max<int64_t>(there, 0)}, strides[] = {1};
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(at::IntArrayRef(sizes), at::IntArrayRef(strides));
}

}  // namespace

Operator::Operator(c10::OperatorHandle handle) : handle(handle) {
  const std::string& full = schema().name();
  name = full.substr(full.find("::") + 2);
  const auto& arguments = schema().arguments();
  for (size_t i = 0; i < arguments.size(); ++i) {
    argumentNames.push_back(arguments[i].name().c_str());
    const auto& fallback = arguments[i].default_value();
    defaultIntegers.push_back(fallback && fallback->isIntList() ? fallback->toIntVector()
                                                                : std::vector<int64_t>());
    if (arguments[i].alias_info() != nullptr && arguments[i].alias_info()->isWrite()) written.push_back(i);
  }
  const auto& returns = schema().returns();
  if (!returns.empty()) {
    const c10::AliasInfo* alias = returns[0].alias_info();
    returnsNew = alias == nullptr || !alias->isWrite();
  } else {
    returnsNew = false;
  }
  isPlain = (isKernel(handle) || isMadeAnew(name)) && !sharesMemory(schema());
  isFactory = name.ends_with("_like") || makesFromNothing(schema());
  unboxed = findUnboxed(handle);
}

napi_value Operator::call(const Arguments& args, napi_value object) const {
  std::optional<at::AutoDispatchBelowADInplaceOrView> guard;
  if (isFactory) guard.emplace();
  napi_value result;
  try {
    result = unboxed ? unboxed->call(*this, args, object) : callBoxed(args, object);
  } catch (...) {
    cutWritten(args);
    throw;
  }
  for (size_t i : written) {
    // A list of written tensors (foreach and fused operators) keeps its storages.
    if (isTensor(i) && !args.isNull(i)) args.addon.handles.recount(args.addon, args.handle(i));
  }
  return result;
}

void Operator::cutWritten(const Arguments& args) const {
  for (size_t i : written)
    if (isTensor(i) && !args.isNull(i)) cutToStorage(args.tensor(i));
}

napi_value Operator::callBoxed(const Arguments& args, napi_value object) const {
  const auto& arguments = schema().arguments();
  args.allowAtMost(arguments.size());
  torch::jit::Stack stack;
  stack.reserve(arguments.size());
  for (size_t i = 0; i < arguments.size(); ++i) {
    const c10::Argument& argument = arguments[i];
    bool optional;
    const c10::Type& type = unwrapped(*argument.real_type(), optional);
    if (args.isMissing(i) && argument.default_value())
      stack.push_back(*argument.default_value());
    else if (optional && args.isNull(i))
      stack.emplace_back();
    else
      stack.push_back(args.value(i, type, argument.N().value_or(0)));
  }
  handle.callBoxed(stack);
  if (!returnsNew || stack.empty()) return args.undefined();
  const auto& returns = schema().returns();
  for (size_t k = 0; k < stack.size(); ++k)
    if (returns[k].real_type()->kind() == c10::TypeKind::ScalarTypeType)
      stack[k] = std::string(dtypeName(stack[k].toScalarType()));
  if (stack.size() == 1) {
    if (stack[0].isTensor()) return args.adopt(object, std::move(stack[0]).toTensor());
    return args.from(std::move(stack[0]));
  }
  napi_value result;
  check(napi_create_array_with_length(args.env, stack.size(), &result));
  for (uint32_t k = 0; k < stack.size(); ++k)
    check(napi_set_element(args.env, result, k, args.from(std::move(stack[k]))));
  return result;
}

int64_t Operators::find(const std::string& name, const std::string& overload) {
  std::string key = name + "." + overload;
  if (auto known = numbers_.find(key); known != numbers_.end()) return known->second;
  auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
  if (!handle) return -1;
  uint32_t number = static_cast<uint32_t>(operators_.size());
  operators_.emplace_back(*handle);
  numbers_.emplace(std::move(key), number);
  return number;
}

namespace {

/** (number, object | undefined, …arguments in the schema's order); undefined stands for a default. */
napi_value callOperator(Arguments& args) {
  const Operator* op = args.addon.operators.at(args.index(0));
  if (op == nullptr) args.fail(0, "number of an operator");
  Arguments own = args.from(2, op->name.c_str(), op->argumentNames.data(), op->argumentNames.size());
  try {
    return op->call(own, args.raw(1));
  } catch (...) {
    throwToJs(args.addon, std::current_exception(), op->name);
    return nullptr;
  }
}

/** (object | undefined): as `call`, where everything else lies in the frame. */
napi_value callFramed(Arguments& args) {
  // A copy: hooks that run within the call make calls of their own.
  const Frame frame = *reinterpret_cast<const Frame*>(args.addon.lists.data());
  const Operator* op = frame.op >= 0 && frame.op < UINT32_MAX
                           ? args.addon.operators.at(static_cast<uint32_t>(frame.op))
                           : nullptr;
  if (op == nullptr || !(frame.tags >= 0 && frame.tags < UINT32_MAX))
    throw TorchError("ERR_INVALID_ARG_VALUE", "callFramed", "frame", "expected the number of an operator");
  Arguments own = args.from(frame, op->name.c_str(), op->argumentNames.data(), op->argumentNames.size());
  try {
    return op->call(own, args.raw(0));
  } catch (...) {
    throwToJs(args.addon, std::current_exception(), op->name);
    return nullptr;
  }
}

napi_value findOperator(Arguments& args) {
  return args.from(args.addon.operators.find(args.text(0), args.text(1)));
}

/** `addon.lists` as a Float64Array. Should JavaScript detach it, the memory is still the addon's. */
napi_value lists(Arguments& args) {
  auto& memory = args.addon.lists;
  napi_value buffer, array;
  check(napi_create_external_arraybuffer(args.env, memory.data(), memory.size() * sizeof(double), nullptr,
                                         nullptr, &buffer));
  check(napi_create_typedarray(args.env, napi_float64_array, memory.size(), buffer, 0, &array));
  return array;
}

/** (text): the number by which a frame names it from now on. */
napi_value addWord(Arguments& args) {
  auto& words = args.addon.words;
  words.push_back(args.text(0));
  return args.from(static_cast<int64_t>(words.size() - 1));
}

/** Every operator's schema, as text: what the generator reads. */
napi_value operatorSchemas(Arguments& args) {
  napi_value result;
  check(napi_create_array(args.env, &result));
  uint32_t k = 0;
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
    auto handle = c10::Dispatcher::singleton().findSchema(name);
    if (!handle) continue;
    check(napi_set_element(args.env, result, k++, args.from(c10::toString(handle->schema()))));
  }
  return result;
}

/** (name, overload) => its schema, as text. */
napi_value operatorSchema(Arguments& args) {
  auto handle = c10::Dispatcher::singleton().findSchema({args.text(0), args.text(1)});
  if (!handle) args.failValue(0, "this LibTorch has no operator " + args.text(0), "ERR_NOT_IMPLEMENTED");
  return args.from(c10::toString(handle->schema()));
}

}  // namespace

const std::vector<Export> operatorExports = {
    {"addWord", addWord, {"text"}},
    {"call", callOperator, {"operator", "object"}},
    {"callFramed", callFramed, {"object"}},
    {"findOperator", findOperator, {"name", "overload"}},
    {"lists", lists, {}},
    {"operatorSchema", operatorSchema, {"name", "overload"}},
    {"operatorSchemas", operatorSchemas, {}},
};
