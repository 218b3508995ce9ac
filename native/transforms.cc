// Levels: those of forward-mode AD, and functorch's (vmap, grad, jvp) with the tensors that are wrapped for
// them.
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <ATen/functorch/TensorWrapper.h>
#include <c10/core/AutogradState.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/forward_grad.h>

#include "addon.h"
#include "convert.h"
#include "graph.h"

namespace {

using at::functorch::RandomnessType;
using at::functorch::TransformType;
using torch::autograd::ForwardADLevel;

/** Enters a level of forward mode; returns its number. */
napi_value enterDualLevel(Arguments& args) {
  const uint64_t level = ForwardADLevel::get_next_idx();
  args.addon.dualLevels.push_back(level);
  return args.from(static_cast<int64_t>(level));
}

/** (level): leaves the level that was entered last. */
napi_value exitDualLevel(Arguments& args) {
  auto& levels = args.addon.dualLevels;
  const uint64_t level = args.index(0);
  if (levels.empty() || levels.back() != level)
    args.failValue(0, "levels of forward-mode AD must be left in the reverse order of entering",
                   "ERR_INVALID_STATE");
  levels.pop_back();
  ForwardADLevel::release_idx(level);
  return args.undefined();
}

napi_value isForwardGradEnabled(Arguments& args) {
  return args.from(c10::AutogradState::get_tls_state().get_fw_grad_mode());
}

napi_value setForwardGradEnabled(Arguments& args) {
  c10::AutogradState::get_tls_state().set_fw_grad_mode(args.boolean(0));
  return args.undefined();
}

napi_value entered(Arguments& args, int64_t level) {
  args.addon.transforms.push_back(level);
  return args.from(level);
}

/** (batchSize, randomness): enters a vmap; returns its level. */
napi_value pushVmap(Arguments& args) {
  requireNodes();
  const int64_t size = args.integer(0);
  if (size < 1) args.failValue(0, "expected a positive batch size");
  const std::string randomness = args.text(1);
  const auto kind = randomness == "error"       ? RandomnessType::Error
                    : randomness == "same"      ? RandomnessType::Same
                    : randomness == "different" ? RandomnessType::Different
                                                : RandomnessType::END;
  if (kind == RandomnessType::END) args.fail(1, R"(one of "error", "different", "same")");
  if (args.addon.transforms.size() >= at::functorch::kVmapNumLevels - 1)
    args.failValue(0, "too many transforms within each other");
  return entered(args, at::functorch::initAndPushDynamicLayer(TransformType::Vmap, c10::SymInt(size), kind));
}

/** Enters a grad; returns its level. */
napi_value pushGrad(Arguments& args) {
  requireNodes();
  return entered(args, at::functorch::initAndPushDynamicLayer(TransformType::Grad, std::nullopt, std::nullopt,
                                                              c10::GradMode::is_enabled()));
}

/** Enters a jvp; returns its level. */
napi_value pushJvp(Arguments& args) {
  requireNodes();
  const bool before = c10::AutogradState::get_tls_state().get_fw_grad_mode();
  return entered(args, at::functorch::initAndPushDynamicLayer(TransformType::Jvp, std::nullopt, std::nullopt,
                                                              std::nullopt, before));
}

/** (level): leaves the transform that was entered last. */
napi_value popTransform(Arguments& args) {
  auto& levels = args.addon.transforms;
  const int64_t level = args.integer(0);
  if (levels.empty() || levels.back() != level)
    args.failValue(0, "transforms must be left in the reverse order of entering", "ERR_INVALID_STATE");
  levels.pop_back();
  at::functorch::popDynamicLayerAndDeleteMetadata();
  return args.undefined();
}

/** The kinds of the transforms at work, from the outermost: "vmap", "grad", "jvp". */
napi_value transformKinds(Arguments& args) {
  napi_value list;
  check(napi_create_array(args.env, &list));
  uint32_t k = 0;
  for (const auto& layer : at::functorch::getDynamicLayerStack()) {
    const char* kind = layer.key() == TransformType::Vmap   ? "vmap"
                       : layer.key() == TransformType::Grad ? "grad"
                       : layer.key() == TransformType::Jvp  ? "jvp"
                                                            : "other";
    check(napi_set_element(args.env, list, k++, args.from(std::string(kind))));
  }
  return list;
}

int64_t levelOf(Arguments& args, size_t i, bool isVmap) {
  const int64_t level = args.integer(i);
  for (const auto& layer : at::functorch::getDynamicLayerStack())
    if (layer.layerId() == level && (layer.key() == TransformType::Vmap) == isVmap) return level;
  args.failValue(i, "no such transform is at work", "ERR_INVALID_STATE");
}

/** (tensor, level): the tensor as the grad or jvp of that level sees it. */
napi_value wrapForGrad(Arguments& args) {
  return args.adoptNew(at::functorch::makeTensorWrapper(args.tensor(0), levelOf(args, 1, false)));
}

/** (tensor, level): the tensor as those outside see it. */
napi_value unwrapForGrad(Arguments& args) {
  const at::Tensor& tensor = args.tensor(0);
  const std::optional<int64_t> level = args.integer(1);
  const auto* wrapper = at::functorch::maybeGetTensorWrapper(tensor);
  const bool isOwn = wrapper != nullptr && wrapper->level() == level;
  return args.adoptNew(isOwn ? wrapper->value() : tensor);
}

/** (tensor, dim, level): the tensor as the vmap of that level sees it, without one of its dimensions. */
napi_value addBatchDim(Arguments& args) {
  const at::Tensor& tensor = args.tensor(0);
  const int64_t dim = args.integer(1);
  if (dim < 0 || dim >= tensor.dim()) args.failValue(1, "no such dimension", "ERR_OUT_OF_RANGE");
  return args.adoptNew(at::functorch::addBatchDim(tensor, dim, levelOf(args, 2, true)));
}

/** (tensor, level): [the tensor with that vmap's dimension, its place]; null where it has none. */
napi_value removeBatchDim(Arguments& args) {
  const int64_t level = args.integer(1);
  const auto* batched = at::functorch::maybeGetBatchedImpl(args.tensor(0));
  if (batched == nullptr || batched->level() != level) return args.null();
  const int64_t dim = batched->bdim();
  napi_value pair;
  check(napi_create_array_with_length(args.env, 2, &pair));
  check(napi_set_element(args.env, pair, 0, args.adoptNew(batched->value())));
  check(napi_set_element(args.env, pair, 1, args.from(dim)));
  return pair;
}

/** (tensor): [kind, level, value, dim | null] of a tensor that is wrapped for a transform, else null. */
napi_value unwrapped(Arguments& args) {
  const at::Tensor& tensor = args.tensor(0);
  const auto* batched = at::functorch::maybeGetBatchedImpl(tensor);
  const auto* wrapper = batched == nullptr ? at::functorch::maybeGetTensorWrapper(tensor) : nullptr;
  if (batched == nullptr && wrapper == nullptr) return args.null();
  const at::Tensor value = batched != nullptr ? batched->value() : wrapper->value();
  const int64_t level = batched != nullptr ? batched->level() : wrapper->level().value_or(-1);
  const int64_t dim = batched != nullptr ? batched->bdim() : -1;
  napi_value list;
  check(napi_create_array_with_length(args.env, 4, &list));
  check(napi_set_element(args.env, list, 0, args.from(std::string(batched != nullptr ? "vmap" : "grad"))));
  check(napi_set_element(args.env, list, 1, args.from(level)));
  check(napi_set_element(args.env, list, 2, args.adoptNew(value)));
  check(napi_set_element(args.env, list, 3, batched != nullptr ? args.from(dim) : args.null()));
  return list;
}

}  // namespace

at::Tensor withValues(const at::Tensor& tensor) {
  at::Tensor result = tensor;
  while (const auto* wrapper = at::functorch::maybeGetTensorWrapper(result))
    result = at::Tensor(wrapper->value());
  return result;
}

void leaveTransforms(Addon& addon) {
  while (!addon.transforms.empty()) {
    addon.transforms.pop_back();
    at::functorch::popDynamicLayerAndDeleteMetadata();
  }
  while (!addon.dualLevels.empty()) {
    ForwardADLevel::release_idx(addon.dualLevels.back());
    addon.dualLevels.pop_back();
  }
}

const std::vector<Export> transformExports = {
    {"dualLevel", enterDualLevel, {}},
    {"exitDualLevel", exitDualLevel, {"level"}},
    {"isForwardGradEnabled", isForwardGradEnabled, {}},
    {"setForwardGradEnabled", setForwardGradEnabled, {"enabled"}},
    {"pushVmap", pushVmap, {"batchSize", "randomness"}},
    {"pushGrad", pushGrad, {}},
    {"pushJvp", pushJvp, {}},
    {"popTransform", popTransform, {"level"}},
    {"transformKinds", transformKinds, {}},
    {"wrapForGrad", wrapForGrad, {"tensor", "level"}},
    {"unwrapForGrad", unwrapForGrad, {"tensor", "level"}},
    {"addBatchDim", addBatchDim, {"tensor", "dim", "level"}},
    {"removeBatchDim", removeBatchDim, {"tensor", "level"}},
    {"unwrapped", unwrapped, {"tensor"}},
};
