#include "blobs.h"

#include <utility>

namespace {

void detach(napi_env env, napi_ref reference) {
  napi_value array, buffer;
  if (napi_get_reference_value(env, reference, &array) == napi_ok &&
      napi_get_typedarray_info(env, array, nullptr, nullptr, nullptr, &buffer, nullptr) == napi_ok)
    napi_detach_arraybuffer(env, buffer);
}

void call(napi_env env, napi_ref reference) {
  napi_value function, global, ignored;
  if (napi_get_reference_value(env, reference, &function) == napi_ok &&
      napi_get_global(env, &global) == napi_ok &&
      napi_call_function(env, global, function, 0, nullptr, &ignored) == napi_pending_exception)
    napi_get_and_clear_last_exception(env, &ignored);
}

}  // namespace

void Blobs::freeDropped(napi_env env) {
  if (!any_) return;
  deleteDropped(env);
  std::vector<Owned> owned;
  {
    // Taken out before they are let go: what is called then may come here again.
    std::lock_guard lock(mutex_);
    owned = std::exchange(owned_, {});
    any_ = false;
  }
  napi_handle_scope scope;
  bool isOpen = napi_open_handle_scope(env, &scope) == napi_ok;
  for (auto [reference, released] : owned) {
    if (isOpen) released == nullptr ? detach(env, reference) : call(env, released);
    napi_delete_reference(env, reference);
    if (released != nullptr) napi_delete_reference(env, released);
  }
  if (isOpen) napi_close_handle_scope(env, scope);
}
