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

/** Weak references to delete, and of which environment. A hook may die within a garbage collection, in which
 * V8 still has its own work with them. */
thread_local std::vector<std::pair<napi_env, napi_ref>> weakDropped;

void deleteWeak(napi_env env) {
  std::erase_if(weakDropped, [env](const auto& dropped) {
    if (dropped.first != env) return false;
    napi_delete_reference(env, dropped.second);
    return true;
  });
}

struct AfterAccumulating : PostAccumulateGradHook {
  AfterAccumulating(std::shared_ptr<Callback> callback, napi_env env, napi_ref object)
      : callback(std::move(callback)), env(env), object(object) {}
  ~AfterAccumulating() override { weakDropped.emplace_back(env, object); }
  void operator()(const at::Tensor& tensor) override {
    const auto held = callback;  // the hook may replace itself
    held->call(
        [&](const Arguments& values) {
          napi_value known = nullptr;
          if (napi_get_reference_value(values.env, object, &known) != napi_ok || known == nullptr)
            known = values.adoptNew(tensor);
          return std::vector{known};
        },
        [](const Arguments&) {});
  }
  std::shared_ptr<Callback> callback;
  napi_env env;
  napi_ref object;  // weak: the tensor holds this
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
  auto callback = Callback::from(args, 1);
  napi_valuetype type = napi_undefined;
  if (args.raw(2) != nullptr) check(napi_typeof(args.env, args.raw(2), &type));
  if (type != napi_object) args.fail(2, "object");
  deleteWeak(args.env);
  napi_ref object;
  check(napi_create_reference(args.env, args.raw(2), 0, &object));
  torch::autograd::impl::set_post_acc_grad_hooks(
      tensor, std::make_unique<AfterAccumulating>(std::move(callback), args.env, object));
  return args.undefined();
}

/** (tensor): what tells its node from others while that lives, or null. */
napi_value gradNodeId(Arguments& args) {
  const auto& node = args.tensor(0).grad_fn();
  return node ? args.from(static_cast<int64_t>(reinterpret_cast<intptr_t>(node.get()))) : args.null();
}

/** The object that holds a node now, or null. */
napi_value holderOf(const Arguments& args, torch::autograd::Node* node) {
  if (!args.addon.nodes) return args.null();
  const auto& [places, free, held] = *args.addon.nodes;
  const auto found = held.find(node);
  napi_value object = nullptr;
  if (found == held.end() ||
      napi_get_reference_value(args.env, places[found->second].object, &object) != napi_ok ||
      object == nullptr)
    return args.null();
  return object;
}

/** (tensor): the object that holds its node, where one does. */
napi_value knownNode(Arguments& args) {
  requireNodes();
  const auto& node = args.tensor(0).grad_fn();
  return node ? holderOf(args, node.get()) : args.null();
}

/** (object, tensor): its node, as a number. */
napi_value gradNode(Arguments& args) {
  requireNodes();
  const auto& node = args.tensor(1).grad_fn();
  if (!node) args.failValue(1, "expected a tensor that an operator made and that requires gradients");
  return adoptNode(args, 0, node, /*isWeak=*/false);
}

napi_value nodeName(Arguments& args) { return args.from(nodeOf(args, 0)->name()); }

/** (node): [holder | true | null, number of the output][]: where its gradients go; true for one that nobody
 * holds. */
napi_value nextNodes(Arguments& args) {
  const NodePtr node = nodeOf(args, 0);
  napi_value list;
  check(napi_create_array(args.env, &list));
  uint32_t k = 0;
  for (const auto& edge : node->next_edges()) {
    napi_value pair;
    check(napi_create_array_with_length(args.env, 2, &pair));
    napi_value holder = edge.is_valid() ? holderOf(args, edge.function.get()) : args.null();
    napi_valuetype type;
    check(napi_typeof(args.env, holder, &type));
    if (edge.is_valid() && type == napi_null) holder = args.from(true);
    check(napi_set_element(args.env, pair, 0, holder));
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

bool hasNodes() {
  // Its name bears the kind of pointer that holds nodes.
  static const bool has = dlsym(RTLD_DEFAULT,
                                "_ZN5torch8autograd4impl20set_grad_accumulatorERKN2at6TensorEN3c1018weak_"
                                "intrusive_ptrINS0_4NodeENS6_"
                                "6detail34intrusive_target_default_null_typeIS8_EEEE") != nullptr;
  return has;
}

void requireNodes() {
  if (!hasNodes()) throw TorchError("ERR_NOT_IMPLEMENTED", "", "", "this needs LibTorch 2.13 or newer");
}

napi_value adoptNode(const Arguments& args, size_t i, const NodePtr& node, bool isWeak) {
  if (!args.addon.nodes) args.addon.nodes = std::make_shared<GraphNodes>();
  auto& [places, free, nodes] = *args.addon.nodes;
  if (free.empty()) {
    free.push_back(places.size());
    places.emplace_back();
    free.reserve(places.capacity());  // so that a finalizer never allocates
  }
  const size_t k = free.back();
  struct Held {
    Addon* addon;
    size_t k;
  };
  auto held = std::make_unique<Held>(Held{&args.addon, k});
  auto finalize = [](node_api_basic_env env, void* data, void*) {
    std::unique_ptr<Held> held(static_cast<Held*>(data));
    Addon& addon = *held->addon;
    if (addon.nodes) {
      GraphNodes::Place freed;
      std::swap(freed, addon.nodes->places[held->k]);
      addon.nodes->free.push_back(held->k);
      const auto known = addon.nodes->held.find(freed.node.get());
      if (known != addon.nodes->held.end() && known->second == held->k) addon.nodes->held.erase(known);
      napi_delete_reference(env, freed.object);
      try {
        freed.node.reset();
      } catch (...) {
      }
    }
    addon.letGo();
  };
  napi_value object = args.raw(i);
  napi_ref reference;
  if (object == nullptr ||
      napi_add_finalizer(args.env, object, held.get(), finalize, nullptr, &reference) != napi_ok)
    args.fail(i, "an object to hold the node");
  held.release();
  ++args.addon.holders;
  free.pop_back();
  places[k].used = true;
  places[k].object = reference;
  if (isWeak) {
    places[k].weak = WeakNodePtr(node);
  } else {
    places[k].node = node;
    nodes[node.get()] = k;
  }
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

/** The environment's references end with it. */
void leaveHooks(napi_env env) {
  std::erase_if(weakDropped, [env](const auto& dropped) { return dropped.first == env; });
}

const std::vector<Export> graphExports = {
    {"registerHook", registerHook, {"tensor", "hook"}},
    {"registerPostAccumulateGradHook", registerPostAccumulateGradHook, {"tensor", "hook", "object"}},
    {"gradNodeId", gradNodeId, {"tensor"}},
    {"knownNode", knownNode, {"tensor"}},
    {"gradNode", gradNode, {"object", "tensor"}},
    {"nodeName", nodeName, {"node"}},
    {"nextNodes", nextNodes, {"node"}},
    {"nextNode", nextNode, {"object", "node", "output"}},
    {"nodeVariable", nodeVariable, {"node"}},
    {"registerNodeHook", registerNodeHook, {"node", "hook"}},
    {"registerNodePreHook", registerNodePreHook, {"node", "hook"}},
};
