// Which tensors autograd and its kin have nothing to do with.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/GradMode.h>

/** Whether an operator on this tensor is to be recorded, or is not for plain memory's backends. */
inline bool isWatched(const at::Tensor& tensor) {
  using namespace c10;
  constexpr DispatchKeySet plain = DispatchKeySet({DispatchKey::CPU, DispatchKey::CUDA}) |
                                   autograd_dispatch_keyset_with_ADInplaceOrView | autocast_dispatch_keyset;
  if (!tensor.defined()) return false;
  return !plain.isSupersetOf(tensor.key_set()) || (tensor.requires_grad() && GradMode::is_enabled());
}
