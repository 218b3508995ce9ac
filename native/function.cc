// Functions whose backward is written in JavaScript.
#include <ATen/core/Tensor.h>
#include <ATen/ops/view_as.h>
#include <c10/core/GradMode.h>
#include <dlfcn.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <cstdlib>
#include <unordered_set>

#include "graph.h"

namespace {

using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

struct FunctionNode : torch::autograd::Node {
  // LibTorch 2.14 has a flag where 2.13 has padding: it must begin as false.
  static void* operator new(size_t size) {
    if (void* memory = std::calloc(1, size)) return memory;
    throw std::bad_alloc();
  }
  static void operator delete(void* memory) { std::free(memory); }

  std::string name() const override { return name_; }

  variable_list apply(variable_list&& grads) override {
    variable_list result;
    const auto backward = backward_;
    backward->call([&](const Arguments& values) { return std::vector{tensorList(values, grads)}; },
                   [&](const Arguments& returned) {
                     for (auto& item : returned.optionalTensors(0))
                       result.push_back(item ? *item : at::Tensor());
                   });
    return result;
  }

  void release_variables() override {
    std::lock_guard lock(mutex_);
    for (auto& variable : saved_) variable.reset_data();
    released_ = true;
  }

  /** The node's context holds it weakly: nothing else may stay when it goes. */
  void release_resources() override {
    saved_.clear();
    backward_ = nullptr;
    Node::release_resources();
  }

  std::string name_;
  std::shared_ptr<Callback> backward_;
  std::vector<SavedVariable> saved_;
  bool released_ = false;
};

/** (object, name, backward, inputs): the node of a call with these tensors; its `backward(grads)` returns
 * their gradients. Null where none of them requires gradients, or none are recorded. `object` does not keep
 * it. */
napi_value createFunction(Arguments& args) {
  requireNodes();
  const auto inputs = args.tensors(3);
  auto backward = Callback::from(args, 2);
  const bool isRecorded = c10::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(inputs);
  auto node = c10::make_intrusive<FunctionNode>();
  node->name_ = args.text(1);
  node->backward_ = std::move(backward);
  node->set_next_edges(isRecorded ? torch::autograd::collect_next_edges(inputs)
                                  : torch::autograd::edge_list());
  traceNode(args.addon, node);
  napi_value pair;
  check(napi_create_array_with_length(args.env, 2, &pair));
  check(napi_set_element(args.env, pair, 0, adoptNode(args, 0, node, /*isWeak=*/false)));
  args.addon.nodes->held.erase(node.get());  // the context is not what stands for the node
  check(napi_set_element(args.env, pair, 1, args.from(isRecorded)));
  return pair;
}

FunctionNode& functionOf(const Arguments& args, size_t i, const NodePtr& node) {
  auto* function = dynamic_cast<FunctionNode*>(node.get());
  if (function == nullptr) args.fail(i, "node of a custom function");
  return *function;
}

using Impls = std::unordered_set<at::TensorImpl*>;

Impls implsOf(const std::vector<at::Tensor>& tensors) {
  Impls result;
  for (const auto& tensor : tensors) result.insert(tensor.unsafeGetTensorImpl());
  return result;
}

using Outputs = std::vector<std::optional<at::Tensor>>;

/** LibTorch's own `_wrap_outputs`, whose arguments are others in 2.14. */
Outputs wrapOutputs(const variable_list& inputs, const Impls& nonDifferentiable, const Impls& dirty,
                    const Outputs& outputs, const NodePtr& node, const torch::autograd::_jvp_fn_t& jvp,
                    const Impls& saved) {
  const torch::autograd::_view_as_self_fn_t viewAsSelf = [](const at::Tensor& x) { return x.view_as(x); };
#define TORCH_NODE_WRAP_OUTPUTS                                                                        \
  "_ZN5torch8autograd13_wrap_outputsERKSt6vectorIN2at6TensorESaIS3_EERKSt13unordered_setIPN3c1010Tens" \
  "orImplESt4hashISB_ESt8equal_toISB_ESaISB_EESJ_NS9_8ArrayRefISt8optionalIS3_EEERKNS9_13intrusive_pt" \
  "rINS0_4NodeENS9_6detail34intrusive_target_default_null_typeISP_EEEERKSt8functionIFS5_S5_S5_EESJ_RK" \
  "SW_IFS3_S3_EEb"
  using Until213 =
      Outputs (*)(const variable_list&, const Impls&, const Impls&, at::ArrayRef<std::optional<at::Tensor>>,
                  const NodePtr&, const torch::autograd::_jvp_fn_t&, const Impls&,
                  const torch::autograd::_view_as_self_fn_t&, bool);
  using Since214 =
      Outputs (*)(const variable_list&, const Impls&, const Impls&, at::ArrayRef<std::optional<at::Tensor>>,
                  const NodePtr&, const torch::autograd::_jvp_fn_t&, const Impls&,
                  const torch::autograd::_view_as_self_fn_t&, bool, NodePtr&);
  static void* const since214 = dlsym(RTLD_DEFAULT, TORCH_NODE_WRAP_OUTPUTS "RST_");
  static void* const until213 = dlsym(RTLD_DEFAULT, TORCH_NODE_WRAP_OUTPUTS);
  if (since214 != nullptr) {
    NodePtr attached;
    return reinterpret_cast<Since214>(since214)(inputs, nonDifferentiable, dirty, outputs, node, jvp, saved,
                                                viewAsSelf, false, attached);
  }
  if (until213 == nullptr)
    throw TorchError("ERR_NOT_IMPLEMENTED", "", "", "this LibTorch's custom functions are of another kind");
  return reinterpret_cast<Until213>(until213)(inputs, nonDifferentiable, dirty, outputs, node, jvp, saved,
                                              viewAsSelf, false);
}

/** (node, inputs, outputs, dirty, nonDifferentiable, saved, isRecorded, jvp | null, savesInputs): makes the
 * outputs those of the node. For each: true where it is the tensor that was given, else another Tensor. */
napi_value finishFunction(Arguments& args) {
  const NodePtr node = nodeOf(args, 0);
  FunctionNode& function = functionOf(args, 0, node);
  const auto inputs = args.tensors(1), outputs = args.tensors(2), dirty = args.tensors(3);
  const auto nonDifferentiable = args.tensors(4);
  const auto saved = args.optionalTensors(5);
  const bool isRecorded = args.boolean(6);
  auto jvp = Callback::optional(args, 7);
  const bool savesInputs = args.boolean(8);
  Impls toSave;
  if (savesInputs)
    for (const auto& tensor : saved)
      if (tensor) toSave.insert(tensor->unsafeGetTensorImpl());
  const auto jvpFunction = [&](const variable_list&, const variable_list& tangents) {
    variable_list result;
    if (jvp == nullptr)
      throw TorchError("ERR_NOT_IMPLEMENTED", "", "",
                       "forward-mode AD goes through a custom function only where it has a static jvp");
    jvp->call([&](const Arguments& values) { return std::vector{tensorList(values, tangents)}; },
              [&](const Arguments& returned) {
                for (auto& item : returned.optionalTensors(0)) result.push_back(item ? *item : at::Tensor());
              });
    if (result.size() != outputs.size())
      throw TorchError(
          "ERR_INVALID_ARG_VALUE", "", "jvp",
          "expected " + std::to_string(outputs.size()) + " tangents, got " + std::to_string(result.size()));
    return result;
  };
  function.clear_input_metadata();
  auto wrapped =
      wrapOutputs(inputs, implsOf(nonDifferentiable), implsOf(dirty), Outputs(outputs.begin(), outputs.end()),
                  isRecorded ? node : NodePtr(), jvpFunction, toSave);
  if (isRecorded)
    for (const auto& tensor : saved) {
      const bool isOutput = tensor && tensor->grad_fn() == node;
      function.saved_.emplace_back(tensor ? *tensor : at::Tensor(), isOutput);
    }
  napi_value list;
  check(napi_create_array_with_length(args.env, wrapped.size(), &list));
  for (uint32_t k = 0; k < wrapped.size(); ++k) {
    const bool isGiven = wrapped[k] && wrapped[k]->is_same(outputs[k]);
    check(napi_set_element(args.env, list, k,
                           isGiven ? args.from(true) : args.adoptNew(wrapped[k].value_or(at::Tensor()))));
  }
  // From here on the tensors hold the node, and it its context.
  auto& place = args.addon.nodes->places[args.index(0)];
  place.weak = WeakNodePtr(node);
  place.node.reset();
  return list;
}

/** (node): the tensors that were saved, as Tensor objects or null. */
napi_value savedTensors(Arguments& args) {
  const NodePtr node = nodeOf(args, 0);
  FunctionNode& function = functionOf(args, 0, node);
  if (function.released_ && !function.saved_.empty())
    throw TorchError("ERR_TORCH", "backward", "", torch::autograd::ERR_BACKWARD_TWICE);
  std::vector<at::Tensor> tensors;
  for (const auto& variable : function.saved_) tensors.push_back(variable.unpack(node));
  return tensorList(args, tensors);
}

/** (node): whether each of the tensors that went in needs a gradient in the backward that runs now. */
napi_value neededGradients(Arguments& args) {
  const NodePtr node = nodeOf(args, 0);
  napi_value list;
  check(napi_create_array_with_length(args.env, node->num_outputs(), &list));
  for (uint32_t k = 0; k < node->num_outputs(); ++k)
    check(napi_set_element(args.env, list, k, args.from(node->task_should_compute_output(k))));
  return list;
}

}  // namespace

const std::vector<Export> functionExports = {
    {"createFunction", createFunction, {"object", "name", "backward", "inputs"}},
    {"finishFunction",
     finishFunction,
     {"node", "inputs", "outputs", "dirty", "nonDifferentiable", "saved", "isRecorded", "jvp",
      "savesInputs"}},
    {"savedTensors", savedTensors, {"node"}},
    {"neededGradients", neededGradients, {"node"}},
};
