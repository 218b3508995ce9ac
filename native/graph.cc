// The graph seen from outside: its nodes, and the hooks on nodes and tensors.
#include "graph.h"

#include <dlfcn.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>

namespace {

using torch::autograd::FunctionPostHook;
using torch::autograd::FunctionPreHook;
using torch::autograd::PostAccumulateGradHook;
using torch::autograd::variable_list;

/** What a hook returned for a list of gradients, or the gradients themselves where it returned nothing. */
variable_list replaced(const Arguments& result, const variable_list& grads) {
  if (result.isNull(0)) return grads;
  variable_list replacements;
  for (auto& item : result.optionalTensors(0)) replacements.push_back(item ? *item : at::Tensor());
  if (replacements.size() != grads.size())
    result.failValue(0, "a hook returned " + std::to_string(replacements.size()) + " gradients instead of " +
                            std::to_string(grads.size()));
  for (size_t k = 0; k < grads.size(); ++k)
    if (grads[k].defined() && replacements[k].defined())
      torch::autograd::check_variable_result(grads[k], replacements[k], "hook");
  return replacements;
}

/** LibTorch walks the list of hooks while they run: it must not change meanwhile. */
void requireIdle(const Arguments& args, const void* what) {
  const auto& busy = args.addon.busy;
  if (std::find(busy.begin(), busy.end(), what) != busy.end())
    args.failValue(0, "cannot register a hook while hooks of the same kind run", "ERR_INVALID_STATE");
}

struct NodePreHook : FunctionPreHook {
  NodePreHook(const NodePtr& node, std::shared_ptr<Callback> callback)
      : node(node.get()), callback(std::move(callback)) {}
  variable_list operator()(const variable_list& grads) override {
    variable_list result;
    callback->call([&](const Arguments& values) { return std::vector{tensorList(values, grads)}; },
                   [&](const Arguments& returned) { result = replaced(returned, grads); }, node);
    return result;
  }
  const void* node;
  std::shared_ptr<Callback> callback;
};

struct NodePostHook : FunctionPostHook {
  NodePostHook(const NodePtr& node, std::shared_ptr<Callback> callback)
      : node(node.get()), callback(std::move(callback)) {}
  variable_list operator()(const variable_list& outputs, const variable_list& inputs) override {
    variable_list result;
    callback->call(
        [&](const Arguments& values) {
          return std::vector{tensorList(values, outputs), tensorList(values, inputs)};
        },
        [&](const Arguments& returned) { result = replaced(returned, outputs); }, node);
    return result;
  }
  const void* node;
  std::shared_ptr<Callback> callback;
};

struct AfterAccumulating : PostAccumulateGradHook {
  explicit AfterAccumulating(std::shared_ptr<Callback> callback) : callback(std::move(callback)) {}
  void operator()(const at::Tensor& tensor) override {
    const auto held = callback;  // the hook may replace itself
    held->call([&](const Arguments& values) { return std::vector{values.adoptNew(tensor)}; },
               [](const Arguments&) {});
  }
  std::shared_ptr<Callback> callback;
};

/** (tensor, hook): calls `hook(grad)` with each gradient of the tensor; it returns another's slot, or null.
 */
napi_value registerHook(Arguments& args) {
  const at::Tensor& tensor = args.tensor(0);
  if (!tensor.requires_grad())
    args.failValue(0, "cannot register a hook on a tensor that does not require gradient");
  const void* owner = tensor.unsafeGetTensorImpl();
  requireIdle(args, owner);
  tensor.register_hook([owner, callback = Callback::from(args, 1)](const at::Tensor& grad) -> at::Tensor {
    if (!grad.defined()) return {};
    at::Tensor result;
    callback->call([&](const Arguments& values) { return std::vector{values.adoptNew(grad)}; },
                   [&](const Arguments& returned) {
                     if (!returned.isNull(0)) result = returned.tensor(0);
                   },
                   owner);
    return result;
  });
  return args.undefined();
}

/** (tensor, hook): calls `hook(tensor)` after each accumulation into the leaf's grad; replaces the hook
 * before. */
napi_value registerPostAccumulateGradHook(Arguments& args) {
  const at::Tensor& tensor = args.tensor(0);
  if (!tensor.requires_grad())
    args.failValue(0, "cannot register a hook on a tensor that does not require gradient");
  if (!tensor.is_leaf())
    args.failValue(0, "post accumulate grad hooks cannot be registered on non-leaf tensors");
  torch::autograd::impl::set_post_acc_grad_hooks(
      tensor, std::make_unique<AfterAccumulating>(Callback::from(args, 1)));
  return args.undefined();
}

/** (tensor): what tells its node from others while that lives, or null. */
napi_value gradNodeId(Arguments& args) {
  requireNodes();
  const auto& node = args.tensor(0).grad_fn();
  return node ? args.from(static_cast<int64_t>(reinterpret_cast<intptr_t>(node.get()))) : args.null();
}

/** (object, tensor): its node, as a number. */
napi_value gradNode(Arguments& args) {
  requireNodes();
  const auto& node = args.tensor(1).grad_fn();
  if (!node) args.failValue(1, "expected a tensor that an operator made and that requires gradients");
  return adoptNode(args, 0, node, /*isWeak=*/false);
}

napi_value nodeName(Arguments& args) { return args.from(nodeOf(args, 0)->name()); }

/** (node): [id | null, number of the output][]: where its gradients go. */
napi_value nextNodes(Arguments& args) {
  const NodePtr node = nodeOf(args, 0);
  napi_value list;
  check(napi_create_array(args.env, &list));
  uint32_t k = 0;
  for (const auto& edge : node->next_edges()) {
    napi_value pair;
    check(napi_create_array_with_length(args.env, 2, &pair));
    const auto id = static_cast<int64_t>(reinterpret_cast<intptr_t>(edge.function.get()));
    check(napi_set_element(args.env, pair, 0, edge.is_valid() ? args.from(id) : args.null()));
    check(napi_set_element(args.env, pair, 1, args.from(static_cast<int64_t>(edge.input_nr))));
    check(napi_set_element(args.env, list, k++, pair));
  }
  return list;
}

/** (object, node, k): the node that its k-th gradient goes to, as a number. */
napi_value nextNode(Arguments& args) {
  const NodePtr node = nodeOf(args, 1);
  const uint32_t k = args.index(2);
  if (k >= node->num_outputs() || !node->next_edge(k).is_valid()) args.failValue(2, "no such node");
  return adoptNode(args, 0, node->next_edge(k).function, /*isWeak=*/false);
}

/** (node): the leaf whose grad it adds to, or null. */
napi_value nodeVariable(Arguments& args) {
  const NodePtr node = nodeOf(args, 0);
  const auto* accumulate = dynamic_cast<torch::autograd::AccumulateGrad*>(node.get());
  return accumulate == nullptr ? args.null() : args.adoptNew(accumulate->variable);
}

/** (node, hook): calls `hook(gradInputs, gradOutputs)` after the node; it returns a list instead, or null. */
napi_value registerNodeHook(Arguments& args) {
  const NodePtr node = nodeOf(args, 0);
  requireIdle(args, node.get());
  node->add_post_hook(std::make_unique<NodePostHook>(node, Callback::from(args, 1)));
  return args.undefined();
}

/** (node, hook): calls `hook(gradOutputs)` before the node; it returns a list instead, or null. */
napi_value registerNodePreHook(Arguments& args) {
  const NodePtr node = nodeOf(args, 0);
  requireIdle(args, node.get());
  node->add_pre_hook(std::make_unique<NodePreHook>(node, Callback::from(args, 1)));
  return args.undefined();
}

}  // namespace

void requireNodes() {
  // Its name bears the kind of pointer that holds nodes.
  static const bool has = dlsym(RTLD_DEFAULT,
                                "_ZN5torch8autograd4impl20set_grad_accumulatorERKN2at6TensorEN3c1018weak_"
                                "intrusive_ptrINS0_4NodeENS6_"
                                "6detail34intrusive_target_default_null_typeIS8_EEEE") != nullptr;
  if (!has) throw TorchError("ERR_NOT_IMPLEMENTED", "", "", "this needs LibTorch 2.13 or newer");
}

napi_value adoptNode(const Arguments& args, size_t i, const NodePtr& node, bool isWeak) {
  if (!args.addon.nodes) args.addon.nodes = std::make_shared<GraphNodes>();
  auto& places = args.addon.nodes->places;
  size_t k = 0;
  while (k < places.size() && places[k].used) ++k;
  struct Held {
    Addon* addon;
    size_t k;
  };
  auto held = std::make_unique<Held>(Held{&args.addon, k});
  auto finalize = [](node_api_basic_env, void* data, void*) {
    std::unique_ptr<Held> held(static_cast<Held*>(data));
    Addon& addon = *held->addon;
    if (addon.nodes) {
      GraphNodes::Place freed;
      std::swap(freed, addon.nodes->places[held->k]);
      try {
        freed.node.reset();
      } catch (...) {
      }
    }
    addon.letGo();
  };
  napi_value object = args.raw(i);
  if (object == nullptr ||
      napi_add_finalizer(args.env, object, held.get(), finalize, nullptr, nullptr) != napi_ok)
    args.fail(i, "an object to hold the node");
  held.release();
  ++args.addon.holders;
  if (k == places.size()) places.emplace_back();
  places[k].used = true;
  if (isWeak)
    places[k].weak = WeakNodePtr(node);
  else
    places[k].node = node;
  return args.from(static_cast<int64_t>(k));
}

NodePtr nodeOf(const Arguments& args, size_t i) {
  const uint32_t k = args.index(i);
  NodePtr node;
  if (args.addon.nodes && k < args.addon.nodes->places.size() && args.addon.nodes->places[k].used) {
    const auto& place = args.addon.nodes->places[k];
    node = place.node ? place.node : place.weak.lock();
  }
  if (!node) args.failValue(i, "the graph's node is gone", "ERR_INVALID_STATE");
  return node;
}

napi_value tensorList(const Arguments& values, const std::vector<at::Tensor>& tensors) {
  napi_value list;
  check(napi_create_array_with_length(values.env, tensors.size(), &list));
  for (uint32_t k = 0; k < tensors.size(); ++k)
    check(napi_set_element(values.env, list, k, values.adoptNew(tensors[k])));
  return list;
}

const std::vector<Export> graphExports = {
    {"registerHook", registerHook, {"tensor", "hook"}},
    {"registerPostAccumulateGradHook", registerPostAccumulateGradHook, {"tensor", "hook"}},
    {"gradNodeId", gradNodeId, {"tensor"}},
    {"gradNode", gradNode, {"object", "tensor"}},
    {"nodeName", nodeName, {"node"}},
    {"nextNodes", nextNodes, {"node"}},
    {"nextNode", nextNode, {"object", "node", "output"}},
    {"nodeVariable", nodeVariable, {"node"}},
    {"registerNodeHook", registerNodeHook, {"node", "hook"}},
    {"registerNodePreHook", registerNodePreHook, {"node", "hook"}},
};
