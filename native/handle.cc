#include "handle.h"

#include <algorithm>
#include <utility>

#include "addon.h"
#include "errors.h"

namespace {

// What a tensor costs beside its data: TensorImpl, StorageImpl, the handle, the weak reference.
constexpr int64_t overhead = 512;
// Smaller storages are left to `overhead`; looking them up would cost more than knowing them is worth.
constexpr size_t smallStorage = 4096;
// V8 takes its time over a collection: with this much more than there was, and a quarter more, it is forced.
constexpr int64_t mostGrowth = 64 << 20;
// V8 is told when this much has changed, not at each small tensor.
constexpr int64_t reportEvery = 1 << 16;

// Where memory is that counts; null also on the meta device, whose storages have a size and no memory.
c10::StorageImpl* storageOf(const at::Tensor& tensor) {
  return tensor.defined() && tensor.has_storage() && !tensor.is_meta()
             ? tensor.storage().unsafeGetStorageImpl()
             : nullptr;
}

void collectYoung(Addon& addon) {
  napi_env env = addon.env;
  napi_handle_scope scope;
  napi_value collector, global, ignored;
  if (addon.youngCollector == nullptr || napi_open_handle_scope(env, &scope) != napi_ok) return;
  if (napi_get_reference_value(env, addon.youngCollector, &collector) == napi_ok &&
      napi_get_global(env, &global) == napi_ok &&
      napi_call_function(env, global, collector, 0, nullptr, &ignored) == napi_pending_exception)
    napi_get_and_clear_last_exception(env, &ignored);  // no stack is left, say: then this is left out
  napi_close_handle_scope(env, scope);
}

}  // namespace

uint32_t Handles::take() {
  if (free_.empty()) {
    chunks_.push_back(std::make_unique<Handle[]>(chunkSize));
    free_.reserve(size_ + chunkSize);  // so that a finalizer never allocates
    // Slot 0 is never given: it stands for a Tensor object that was never filled.
    for (uint32_t i = chunkSize; i-- > 0;)
      if (size_ + i != 0) free_.push_back(size_ + i);
    size_ += chunkSize;
  }
  uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

void Handles::attach(Addon& addon, uint32_t slot, napi_value object, at::Tensor tensor, Memory memory) {
  Handle* handle = &chunks_[slot / chunkSize][slot % chunkSize];
  if (napi_add_finalizer(addon.env, object, handle, finalize, nullptr, nullptr) != napi_ok) {
    giveBack(slot);
    throw TorchError("ERR_INVALID_ARG_TYPE", "", "result", "expected an object to hold the result");
  }
  handle->tensor = std::move(tensor);
  handle->addon = &addon;
  handle->slot = slot;
  handle->used = true;
  ++live_;
  ++addon.holders;
  count(addon, *handle, memory);
}

void Handles::finalize(node_api_basic_env, void* data, void*) {
  Handle& handle = *static_cast<Handle*>(data);
  Addon& addon = *handle.addon;
  addon.handles.release(addon, handle);
  handle.used = false;
  addon.handles.free_.push_back(handle.slot);
  --addon.handles.live_;
  addon.blobs->deleteDropped(addon.env);
  addon.letGo();
}

void Handles::release(Addon& addon, Handle& handle) {
  if (!handle.tensor.defined()) return;
  uncount(addon, handle);
  // A graph's nodes may throw while they are destroyed; nothing may leave a finalizer.
  try {
    handle.tensor.reset();
  } catch (...) {
  }
}

void Handles::releaseAll(Addon& addon) {
  for (auto& chunk : chunks_)
    for (uint32_t i = 0; i < chunkSize; ++i)
      if (chunk[i].used) release(addon, chunk[i]);
}

void Handles::count(Addon& addon, Handle& handle, Memory memory) {
  int64_t bytes = 0;
  c10::StorageImpl* storage = storageOf(handle.tensor);
  if (storage != nullptr && storage->nbytes() >= smallStorage) {
    auto [entry, isNew] = storages_.try_emplace(storage, Counted{0, memory, 0});
    if (isNew && memory != Memory::foreign)
      bytes = entry->second.bytes = static_cast<int64_t>(storage->nbytes());
    ++entry->second.handles;
    handle.counted = storage;
  }
  if (bytes != 0 && memory == Memory::owned) reportBytes(addon, std::exchange(bytes, 0), memory);
  reportBytes(addon, bytes + overhead);
}

void Handles::uncount(Addon& addon, Handle& handle) {
  reportBytes(addon, -overhead);
  if (handle.counted == nullptr) return;
  auto entry = storages_.find(handle.counted);
  if (--entry->second.handles == 0) {
    Counted counted = entry->second;
    storages_.erase(entry);
    reportBytes(addon, -counted.bytes, counted.memory);
  }
  handle.counted = nullptr;
}

void Handles::recount(Addon& addon, Handle& handle) {
  c10::StorageImpl* storage = storageOf(handle.tensor);
  if (storage == handle.counted) {
    if (storage == nullptr) return;
    auto& entry = storages_.at(storage);
    int64_t bytes = static_cast<int64_t>(storage->nbytes());
    if (entry.memory == Memory::foreign || entry.bytes == bytes) return;
    // `entry` first: reporting may collect garbage, and with it what this entry counts.
    int64_t change = bytes - std::exchange(entry.bytes, bytes);
    reportBytes(addon, change, entry.memory);
  } else if (handle.counted != nullptr || storage->nbytes() >= smallStorage) {
    uncount(addon, handle);
    count(addon, handle, Memory::torch);
  }
}

void Handles::collectOften() {
  youngGrowth_ = 4 << 20;
  isToldToV8_ = false;
}

void Handles::reportBytes(Addon& addon, int64_t change, Memory memory) {
  bytes_ += change;
  if (memory == Memory::torch) {
    unreported_ += change;
    if (unreported_ < reportEvery && unreported_ > -reportEvery) return;
    tellV8(addon);
  }
  floor_ = std::min(floor_, bytes_);
  swept_ = std::min(swept_, bytes_);
  // Only what takes memory may force: what gives it back (0 bytes, where others hold them) runs within a
  // collection, which must not begin another.
  if (change <= 0) return;
  // Most tensors die young, and to collect the young ones alone is done in half a millisecond.
  if (bytes_ - swept_ >= std::max(youngGrowth_, swept_ / 4)) {
    swept_ = bytes_;
    collectYoung(addon);
    addon.blobs->freeDropped(addon.env);
    swept_ = bytes_;
  }
  if (bytes_ - floor_ < std::max(mostGrowth, floor_ / 4)) return;
  floor_ = bytes_;  // before the collection, whose finalizers come here, too
  forceCollection(addon.env);
  floor_ = bytes_;
}

/** Within a collection, that memory was given back alone: else it would begin another. */
void Handles::tellV8(Addon& addon) {
  // Taken off before it is told: that may collect garbage, whose finalizers come here again. Were it told
  // twice, V8 would begin to mark within its own collection, and abort.
  int64_t report = std::exchange(unreported_, 0);
  int64_t ignored;
  if (isToldToV8_) napi_adjust_external_memory(addon.env, report, &ignored);
}

void forceCollection(napi_env env) {
  int64_t ignored;
  constexpr int64_t much = int64_t{1} << 40;
  napi_adjust_external_memory(env, much, &ignored);
  napi_adjust_external_memory(env, -much, &ignored);
}
