// The graph's nodes as JavaScript holds them: by number, as tensors.
#pragma once

#include <torch/csrc/autograd/node.h>

#include <functional>
#include <unordered_map>
#include <vector>

#include "addon.h"
#include "convert.h"

using NodePtr = c10::intrusive_ptr<torch::autograd::Node>;
using WeakNodePtr = c10::weak_intrusive_ptr<torch::autograd::Node>;

/** A node that a JavaScript object holds; a weak one is that of a function's context, which the node itself
 * holds. */
struct GraphNodes {
  struct Place {
    NodePtr node;
    WeakNodePtr weak{NodePtr()};
    napi_ref object = nullptr;  // weak; of a strong one
    bool used = false;
  };
  std::vector<Place> places;
  std::vector<size_t> free;
  std::unordered_map<torch::autograd::Node*, size_t> held;  // places of the strong ones
};

/** Whether the graph's nodes are made as those that this is built with: since 2.13. */
bool hasNodes();

/** Fails where the LibTorch in use has nodes of another making (before 2.13). */
void requireNodes();

/** A number for a node that lives (unless `isWeak`) as long as the object in argument `i`. */
napi_value adoptNode(const Arguments& args, size_t i, const NodePtr& node, bool isWeak);

/** The node with the number in argument `i`. */
NodePtr nodeOf(const Arguments& args, size_t i);

/** Runs the graph of `roots` backward. In anomaly mode, its nodes are watched. */
void runBackward(const Arguments& args, const std::vector<at::Tensor>& roots,
                 const std::function<void()>& work);

/** Tensors as a list of Tensor objects, null for those that are not there. */
napi_value tensorList(const Arguments& values, const std::vector<at::Tensor>& tensors);

/** In anomaly mode, notes where the forward call was that made `node`. */
void traceNode(Addon& addon, const NodePtr& node);
