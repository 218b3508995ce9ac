// Anomaly mode: each node of the graph remembers the JavaScript line of its forward call, and tells it when
// its backward fails or gives NaN. LibTorch's own mode would remember C++ lines, for the whole process.
#include <ATen/ops/any.h>
#include <ATen/ops/isnan.h>
#include <ATen/record_function.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <unordered_set>

#include "graph.h"

namespace {

using torch::autograd::FunctionPostHook;
using torch::autograd::FunctionPreHook;
using torch::autograd::variable_list;

/** A node, and where it was made. */
struct Trace {
  std::string node, stack;        // no stack: made outside of the mode
  std::shared_ptr<Trace> parent;  // the node in whose backward it was made
};

/** The environment whose operators are traced on this thread: LibTorch calls back without saying for whom. */
thread_local Addon* traced = nullptr;

}  // namespace

struct Anomaly {
  std::shared_ptr<Callback> stack;
  bool checksNan = true;
  at::CallbackHandle recording = 0;
  std::mutex mutex;
  std::vector<std::shared_ptr<Trace>> running;  // nodes at work, or that have failed

  ~Anomaly() {
    if (recording != 0) at::removeCallback(recording);
  }
};

namespace {

std::shared_ptr<Anomaly> anomalyOf(const HomeThread& home) {
  return home.addon == nullptr ? nullptr : home.addon->anomaly;
}

struct BeforeNode : FunctionPreHook {
  BeforeNode(std::shared_ptr<HomeThread> home, std::shared_ptr<Trace> trace)
      : home(std::move(home)), trace(std::move(trace)) {}
  variable_list operator()(const variable_list& grads) override {
    if (auto anomaly = anomalyOf(*home)) {
      std::lock_guard lock(anomaly->mutex);
      anomaly->running.push_back(trace);
    }
    return grads;
  }
  std::shared_ptr<HomeThread> home;
  std::shared_ptr<Trace> trace;
};

struct AfterNode : FunctionPostHook {
  AfterNode(std::shared_ptr<HomeThread> home, std::shared_ptr<Trace> trace)
      : home(std::move(home)), trace(std::move(trace)) {}
  variable_list operator()(const variable_list& outputs, const variable_list&) override {
    auto anomaly = anomalyOf(*home);
    if (!anomaly) return outputs;
    if (anomaly->checksNan) {
      c10::AutoGradMode without(false);
      for (size_t k = 0; k < outputs.size(); ++k)
        if (outputs[k].defined() && at::isnan(outputs[k]).any().item<bool>())
          throw TorchError("ERR_TORCH", "backward", "",
                           "Function '" + trace->node + "' returned nan values in its " + std::to_string(k) +
                               "th output.");
    }
    std::lock_guard lock(anomaly->mutex);
    auto& running = anomaly->running;
    if (auto own = std::find(running.rbegin(), running.rend(), trace); own != running.rend())
      running.erase(std::next(own).base());
    return outputs;
  }
  std::shared_ptr<HomeThread> home;
  std::shared_ptr<Trace> trace;
};

bool isTraced(torch::autograd::Node& node) {
  for (const auto& hook : node.pre_hooks())
    if (dynamic_cast<BeforeNode*>(hook.get()) != nullptr) return true;
  return false;
}

void attach(Addon& addon, const NodePtr& node, std::string stack) {
  auto trace = std::make_shared<Trace>(Trace{node->name(), std::move(stack), nullptr});
  if (!trace->stack.empty() && !addon.anomaly->running.empty()) trace->parent = addon.anomaly->running.back();
  node->add_pre_hook(std::make_unique<BeforeNode>(addon.home, trace));
  node->add_post_hook(std::make_unique<AfterNode>(addon.home, trace));
}

void traceOutput(Addon& addon, const c10::IValue& output) {
  if (output.isTensor()) {
    const at::Tensor& tensor = output.toTensor();
    if (tensor.defined() && tensor.grad_fn()) traceNode(addon, tensor.grad_fn());
  } else if (output.isTensorList()) {
    for (const auto& tensor : output.toTensorVector())
      if (tensor.defined() && tensor.grad_fn()) traceNode(addon, tensor.grad_fn());
  }
}

std::unique_ptr<at::ObserverContext> beforeOperator(const at::RecordFunction&) { return nullptr; }

void afterOperator(const at::RecordFunction& function, at::ObserverContext*) {
  if (traced == nullptr || !traced->anomaly || !traced->home->isHere()) return;
  for (const auto& output : function.outputs()) traceOutput(*traced, output);
}

/** Nodes that were made outside of the mode are watched, too. */
void watchGraph(Addon& addon, const std::vector<NodePtr>& roots) {
  std::unordered_set<torch::autograd::Node*> seen;
  std::vector<NodePtr> open = roots;
  while (!open.empty()) {
    const NodePtr node = std::move(open.back());
    open.pop_back();
    if (!node || !seen.insert(node.get()).second) continue;
    const bool isBusy = std::find(addon.busy.begin(), addon.busy.end(), node.get()) != addon.busy.end();
    if (!isBusy && !isTraced(*node)) attach(addon, node, "");
    for (const auto& edge : node->next_edges()) open.push_back(edge.function);
  }
}

/** (stack | null, checkNan): the mode is on with a function that tells the line which JavaScript is at; null
 * ends it. */
napi_value setAnomaly(Arguments& args) {
  if (args.isNull(0)) {
    args.addon.anomaly = nullptr;
    return args.undefined();
  }
  requireNodes();
  auto anomaly = std::make_shared<Anomaly>();
  anomaly->stack = Callback::from(args, 0);
  anomaly->checksNan = args.boolean(1);
  anomaly->recording = at::addThreadLocalCallback(at::RecordFunctionCallback(beforeOperator, afterOperator)
                                                      .needsOutputs(true)
                                                      .scopes({at::RecordScope::FUNCTION}));
  args.addon.anomaly = std::move(anomaly);
  traced = &args.addon;
  return args.undefined();
}

/** The node that has failed and where it was made, then the one in whose backward it was made, …; [] for
 * none. */
napi_value takeTrace(Arguments& args) {
  napi_value list;
  check(napi_create_array(args.env, &list));
  if (!args.addon.anomaly) return list;
  auto& running = args.addon.anomaly->running;
  uint32_t k = 0;
  for (auto trace = running.empty() ? nullptr : running.back(); trace; trace = trace->parent) {
    check(napi_set_element(args.env, list, k++, args.from(trace->node)));
    check(napi_set_element(args.env, list, k++, args.from(trace->stack)));
  }
  running.clear();
  return list;
}

}  // namespace

void traceNode(Addon& addon, const NodePtr& node) {
  if (!addon.anomaly || !addon.home->isHere() || isTraced(*node)) return;
  std::string stack;
  addon.anomaly->stack->call([](const Arguments&) { return std::vector<napi_value>(); },
                             [&](const Arguments& text) { stack = text.text(0); });
  attach(addon, node, std::move(stack));
}

void runBackward(const Arguments& args, const std::vector<at::Tensor>& roots,
                 const std::function<void()>& work) {
  Addon& addon = args.addon;
  if (addon.anomaly) {
    std::vector<NodePtr> nodes;
    for (const auto& root : roots) nodes.push_back(root.grad_fn());
    watchGraph(addon, nodes);
  }
  addon.home->runBackward(work);
}

void leaveAnomaly(Addon& addon) {
  addon.anomaly = nullptr;
  if (traced == &addon) traced = nullptr;
}

const std::vector<Export> anomalyExports = {
    {"setAnomaly", setAnomaly, {"stack", "checkNan"}},
    {"takeTrace", takeTrace, {}},
};
