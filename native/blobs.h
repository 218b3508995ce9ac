// Tensors over a JavaScript buffer's own memory.
#pragma once

#include <node_api.h>

#include <atomic>
#include <mutex>
#include <vector>

/** The references that keep such buffers alive. LibTorch may drop the last tensor on any thread, but a
 * reference can only be deleted on its environment's own; so it is left here, and deleted at the next chance
 * there. */
class Blobs {
 public:
  void drop(napi_ref reference) {
    std::lock_guard lock(mutex_);
    dropped_.push_back(reference);
    any_ = true;
  }

  void deleteDropped(napi_env env) {
    if (!any_) return;
    std::lock_guard lock(mutex_);
    for (napi_ref reference : dropped_) napi_delete_reference(env, reference);
    dropped_.clear();
    any_ = false;
  }

 private:
  std::mutex mutex_;
  std::vector<napi_ref> dropped_;
  std::atomic<bool> any_ = false;
};
