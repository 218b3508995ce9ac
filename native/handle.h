// Tensors as JavaScript sees them: a slot number that a private field of the Tensor object holds. A number,
// not a pointer, so that no value that JavaScript could make up leads to memory that is not a tensor's.
#pragma once

#include <ATen/core/Tensor.h>
#include <node_api.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

struct Addon;

/** Whose bytes a tensor's storage has. */
enum class Memory {
  torch,   // LibTorch's: V8 is told of them
  owned,   // a JavaScript buffer's that is the tensor's own: V8 knows them, but they go with the tensor
  foreign  // what others hold, too
};

struct Handle {
  at::Tensor tensor;
  Addon* addon = nullptr;
  c10::StorageImpl* counted =
      nullptr;  // the storage whose bytes this handle holds; null if too small to count
  uint32_t slot = 0;
  bool used = false;  // owned by a JavaScript object that has not been collected yet
};

/** The tensors that JavaScript holds, and what V8 is told of their bytes. */
class Handles {
 public:
  /** Takes a free slot; `attach` fills it, or `giveBack` does not. */
  uint32_t take();
  void giveBack(uint32_t slot) { free_.push_back(slot); }

  /** Ties `tensor` to a JavaScript object: when that is collected, the tensor is let go. */
  void attach(Addon& addon, uint32_t slot, napi_value object, at::Tensor tensor,
              Memory memory = Memory::torch);

  /** The handle in a slot, or null if there is none. */
  Handle* find(uint32_t slot) {
    if (slot >= size_) return nullptr;
    Handle* handle = &chunks_[slot / chunkSize][slot % chunkSize];
    return handle->used ? handle : nullptr;
  }

  /** Lets the tensor go now; the slot itself stays taken until its JavaScript object is collected. */
  void release(Addon& addon, Handle& handle);

  /** Counts again, after an operator that may have given the tensor another storage or size. */
  void recount(Addon& addon, Handle& handle);

  void releaseAll(Addon& addon);

  /** For threads whose tensors live for a sample or a batch: young objects are collected often, and V8 is not
   * told of bytes. It would take a batch that grows for a reason to mark its whole heap, again and again. */
  void collectOften();

  void reportBytes(Addon& addon, int64_t change, Memory memory = Memory::torch);

  size_t live() const { return live_; }
  int64_t bytes() const { return bytes_; }

 private:
  static constexpr uint32_t chunkSize = 1024;
  static void finalize(node_api_basic_env env, void* data, void* hint);

  void tellV8(Addon& addon);
  void count(Addon& addon, Handle& handle, Memory memory);
  void uncount(Addon& addon, Handle& handle);

  struct Counted {
    uint32_t handles;
    Memory memory;
    int64_t bytes;
  };

  std::vector<std::unique_ptr<Handle[]>> chunks_;
  std::vector<uint32_t> free_;
  std::unordered_map<c10::StorageImpl*, Counted> storages_;
  uint32_t size_ = 0;
  size_t live_ = 0;
  int64_t youngGrowth_ = 16 << 20;  // with this much more than there was, and a quarter more
  bool isToldToV8_ = true;
  int64_t bytes_ = 0, unreported_ = 0;
  int64_t swept_ = 0;  // what `bytes_` was when young objects were last collected, or the least since then
  int64_t floor_ = 0;  // the least that `bytes_` was since the last collection that was forced
};

/** Makes V8 collect now, by telling it for a moment of more memory than it allows. */
void forceCollection(napi_env env);
