#include "blobs.h"

#include <utility>

void Blobs::freeDropped(napi_env env) {
  if (!any_) return;
  deleteDropped(env);
  std::vector<napi_ref> owned;
  {
    // Let go before the buffers are: what frees one may come here again.
    std::lock_guard lock(mutex_);
    owned = std::exchange(owned_, {});
    any_ = false;
  }
  napi_handle_scope scope;
  bool isOpen = napi_open_handle_scope(env, &scope) == napi_ok;
  for (napi_ref reference : owned) {
    napi_value array, buffer;
    if (isOpen && napi_get_reference_value(env, reference, &array) == napi_ok &&
        napi_get_typedarray_info(env, array, nullptr, nullptr, nullptr, &buffer, nullptr) == napi_ok)
      napi_detach_arraybuffer(env, buffer);
    napi_delete_reference(env, reference);
  }
  if (isOpen) napi_close_handle_scope(env, scope);
}
