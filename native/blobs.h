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

  /** Of a buffer that nobody else used: its memory is to go now, not when it is collected; or, if there is a
   * function, that is to be called. */
  void dropOwned(napi_ref reference, napi_ref released) { add(owned_, Owned{reference, released}); }

  /** May be called by a finalizer. */
  void deleteDropped(napi_env env) {
    if (!any_) return;
    std::lock_guard lock(mutex_);
    for (napi_ref reference : dropped_) napi_delete_reference(env, reference);
    dropped_.clear();
    any_ = !owned_.empty();
  }

  /** Gives back the tensors' own buffers, too: not in a finalizer, where no buffer can be reached. */
  void freeDropped(napi_env env);

 private:
  struct Owned {
    napi_ref reference, released;
  };

  template <typename T>
  void add(std::vector<T>& list, T dropped) {
    std::lock_guard lock(mutex_);
    list.push_back(dropped);
    any_ = true;
  }

  std::mutex mutex_;
  std::vector<napi_ref> dropped_;
  std::vector<Owned> owned_;
  std::atomic<bool> any_ = false;
};
