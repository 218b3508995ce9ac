// Autograd: gradients, the modes, and the two ways to run the graph backward.
#include <c10/core/GradMode.h>
#include <c10/util/Type.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>

#include "addon.h"
#include "convert.h"
#include "graph.h"

namespace {

napi_value requiresGrad(Arguments& args) { return args.from(args.tensor(0).requires_grad()); }

napi_value setRequiresGrad(Arguments& args) {
  args.tensor(0).set_requires_grad(args.boolean(1));
  return args.undefined();
}

napi_value isLeaf(Arguments& args) { return args.from(args.tensor(0).is_leaf()); }

napi_value retainGrad(Arguments& args) {
  args.tensor(0).retain_grad();
  return args.undefined();
}

napi_value retainsGrad(Arguments& args) { return args.from(args.tensor(0).retains_grad()); }

/** (tensor, known): its gradient; `known` itself if that is it, so that x.grad stays the same object. */
napi_value grad(Arguments& args) {
  const Handle* known = args.isNull(1) ? nullptr : args.addon.handles.find(args.index(1));
  const at::Tensor& gradient = args.tensor(0).grad();
  if (!gradient.defined()) return args.null();
  if (known != nullptr && known->tensor.defined() && known->tensor.is_same(gradient)) return args.from(true);
  return args.adoptNew(gradient);
}

napi_value setGrad(Arguments& args) {
  const at::Tensor& tensor = args.tensor(0);
  if (args.isNull(1)) {
    tensor.mutable_grad().reset();
    return args.undefined();
  }
  const at::Tensor& gradient = args.tensor(1);
  if (gradient.scalar_type() != tensor.scalar_type())
    args.failValue(1, "assigned grad has dtype " + std::string(dtypeName(gradient.scalar_type())) +
                          ", the tensor " + dtypeName(tensor.scalar_type()));
  if (gradient.device() != tensor.device())
    args.failValue(
        1, "assigned grad is on " + gradient.device().str() + ", the tensor on " + tensor.device().str());
  if (!gradient.sizes().equals(tensor.sizes()))
    args.failValue(1, "assigned grad has shape " + c10::str(gradient.sizes()) + ", the tensor " +
                          c10::str(tensor.sizes()));
  tensor.mutable_grad() = gradient;
  return args.undefined();
}

/** The name of the function that made the tensor, or null. */
napi_value gradFn(Arguments& args) {
  const auto& function = args.tensor(0).grad_fn();
  if (!function) return args.null();
  // A node of another making has its functions in another order, but its type where each has it.
  return args.from(hasNodes() ? function->name() : c10::demangle(typeid(*function).name()));
}

/** Gradients given for outputs, with an undefined tensor for each null. */
std::vector<at::Tensor> gradients(Arguments& args, size_t i) {
  std::vector<at::Tensor> result;
  if (args.isNull(i)) return result;
  for (auto& item : args.optionalTensors(i)) result.push_back(item ? *item : at::Tensor());
  return result;
}

/** (tensors, gradients | null, retainGraph | null, createGraph, inputs | null) */
napi_value backward(Arguments& args) {
  bool createGraph = args.boolean(3);
  std::optional<bool> retainGraph;
  if (!args.isNull(2)) retainGraph = args.boolean(2);
  std::vector<at::Tensor> inputs;
  if (!args.isNull(4)) inputs = args.tensors(4);
  const auto tensors = args.tensors(0);
  const auto seeds = gradients(args, 1);
  runBackward(args, tensors,
              [&] { torch::autograd::backward(tensors, seeds, retainGraph, createGraph, inputs); });
  return args.undefined();
}

/** (outputs, inputs, gradients | null, retainGraph | null, createGraph, allowUnused) => (Tensor | null)[] */
napi_value gradOf(Arguments& args) {
  std::optional<bool> retainGraph;
  if (!args.isNull(3)) retainGraph = args.boolean(3);
  const auto outputs = args.tensors(0), inputs = args.tensors(1);
  const auto seeds = gradients(args, 2);
  const bool createGraph = args.boolean(4), allowUnused = args.boolean(5);
  std::vector<at::Tensor> results;
  runBackward(args, outputs, [&] {
    results = torch::autograd::grad(outputs, inputs, seeds, retainGraph, createGraph, allowUnused);
  });
  napi_value list;
  check(napi_create_array_with_length(args.env, results.size(), &list));
  for (uint32_t k = 0; k < results.size(); ++k)
    check(napi_set_element(args.env, list, k, args.adoptNew(std::move(results[k]))));
  return list;
}

napi_value isGradEnabled(Arguments& args) { return args.from(c10::GradMode::is_enabled()); }

napi_value setGradEnabled(Arguments& args) {
  c10::GradMode::set_enabled(args.boolean(0));
  return args.undefined();
}

/** Enters inference mode (or leaves it, within one) until `popInferenceMode`; returns how deep that is. */
napi_value pushInferenceMode(Arguments& args) {
  args.addon.inferenceModes.push_back(std::make_unique<c10::InferenceMode>(args.boolean(0)));
  return args.from(static_cast<int64_t>(args.addon.inferenceModes.size()));
}

/** (depth): leaves the mode entered at that depth; those within it must have been left. */
napi_value popInferenceMode(Arguments& args) {
  auto& modes = args.addon.inferenceModes;
  if (args.index(0) == 0 || args.index(0) != modes.size())
    args.failValue(0, "inference modes must be left in the reverse order of entering", "ERR_INVALID_STATE");
  modes.pop_back();
  return args.undefined();
}

napi_value isInferenceMode(Arguments& args) { return args.from(c10::InferenceMode::is_enabled()); }
napi_value isInference(Arguments& args) { return args.from(args.tensor(0).is_inference()); }

}  // namespace

const std::vector<Export> autogradExports = {
    {"requiresGrad", requiresGrad, {"tensor"}},
    {"setRequiresGrad", setRequiresGrad, {"tensor", "requiresGrad"}},
    {"isLeaf", isLeaf, {"tensor"}},
    {"retainGrad", retainGrad, {"tensor"}},
    {"retainsGrad", retainsGrad, {"tensor"}},
    {"grad", grad, {"tensor", "known"}},
    {"setGrad", setGrad, {"tensor", "grad"}},
    {"gradFn", gradFn, {"tensor"}},
    {"backward", backward, {"tensors", "gradients", "retainGraph", "createGraph", "inputs"}},
    {"gradOf", gradOf, {"outputs", "inputs", "gradOutputs", "retainGraph", "createGraph", "allowUnused"}},
    {"isGradEnabled", isGradEnabled, {}},
    {"setGradEnabled", setGradEnabled, {"enabled"}},
    {"pushInferenceMode", pushInferenceMode, {"enabled"}},
    {"popInferenceMode", popInferenceMode, {"depth"}},
    {"isInferenceMode", isInferenceMode, {}},
    {"isInference", isInference, {"tensor"}},
};
