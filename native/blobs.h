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
  void drop(napi_ref reference) { add(dropped_, reference); }

  /** The buffer was the tensor's own: its memory is to go now, not when the buffer is collected. */
  void dropOwned(napi_ref reference) { add(owned_, reference); }

  /** May be called by a finalizer. */
  void deleteDropped(napi_env env) {
    if (!any_) return;
    std::lock_guard lock(mutex_);
    for (napi_ref reference : dropped_) napi_delete_reference(env, reference);
    dropped_.clear();
    any_ = !owned_.empty();
  }

  /** Frees the memory of the tensors' own buffers, too: not in a finalizer, where no buffer can be reached.
   */
  void freeDropped(napi_env env);

 private:
  void add(std::vector<napi_ref>& references, napi_ref reference) {
    std::lock_guard lock(mutex_);
    references.push_back(reference);
    any_ = true;
  }

  std::mutex mutex_;
  std::vector<napi_ref> dropped_, owned_;
  std::atomic<bool> any_ = false;
};
