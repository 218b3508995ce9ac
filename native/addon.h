// All state of one JavaScript environment (main thread, worker, or one Jest file). There are no statics.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/core/InferenceMode.h>
#include <node_api.h>

#include <memory>
#include <string>
#include <vector>

#include "blobs.h"
#include "callbacks.h"
#include "errors.h"
#include "handle.h"
#include "operators.h"

struct Addon {
  explicit Addon(napi_env env) : env(env) {}

  napi_env env;
  napi_ref errorFactory = nullptr;    // (code, op, argument, message) => Error
  napi_ref tensorFactory = nullptr;   // (slot) => Tensor
  napi_ref youngCollector = nullptr;  // () => void
  std::string cudaProblem;            // why CUDA cannot be used, if that is known
  // A call's frame, and behind it the lists among the arguments: see lib/lists.ts
  std::vector<double> lists = std::vector<double>(4096);
  std::vector<std::string> words;  // strings that a frame names by number
  Handles handles;
  Operators operators;
  std::vector<at::Generator> generators;
  std::vector<std::unique_ptr<c10::InferenceMode>> inferenceModes;         // entered and not left yet
  std::shared_ptr<Blobs> blobs = std::make_shared<Blobs>();                // may outlive the environment
  std::shared_ptr<HomeThread> home = std::make_shared<HomeThread>(*this);  // may, too
  std::shared_ptr<struct GraphNodes> nodes;       // the graph's nodes that JavaScript holds
  std::shared_ptr<struct SavedHooks> savedHooks;  // what tensors that autograd saves go through now
  int packing = 0;                                // within such a hook, an operator is at work
  std::shared_ptr<struct Anomaly> anomaly;        // anomaly mode, where it is on
  std::vector<uint64_t> dualLevels;               // forward mode's, entered and not left yet
  std::vector<int64_t> transforms;                // levels of vmap, grad and jvp, likewise
  std::vector<const void*> busy;                  // tensors and nodes whose hooks run now
  bool closing = false;
  size_t holders = 0;  // JavaScript objects whose finalizers point here

  /** Within vmap, grad, jvp or forward mode, where tensors are more than they look. */
  bool isTransforming() const { return !transforms.empty() || !dualLevels.empty(); }

  /** One such object is gone; after the environment's end, the last one takes this with it. */
  void letGo() {
    if (--holders == 0 && closing) delete this;
  }
};

/** The end of an environment: what its thread was left in by each subject. */
void leaveTransforms(Addon& addon);
void leaveSavedHooks(Addon& addon);
void leaveAnomaly(Addon& addon);

/** A tensor that a grad or jvp sees, as the one that has its values; others as they are. */
at::Tensor withValues(const at::Tensor& tensor);

/** A native function: reads its arguments, calls, returns. What it throws reaches JavaScript as a TorchError.
 */
class Arguments;
using Function = napi_value (*)(Arguments&);

struct Export {
  const char* name;
  Function function;
  std::vector<const char*> arguments;
};

// One table a subject; addon.cc puts them together.
extern const std::vector<Export> tensorExports, autogradExports, randomExports, deviceExports,
    operatorExports, fileExports, graphExports, functionExports, savedExports, anomalyExports,
    transformExports, settingExports, imageExports, colourExports;
