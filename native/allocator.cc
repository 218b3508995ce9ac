#include "allocator.h"

#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <bit>
#include <cstdint>
#include <limits>
#include <new>

namespace {

/** Before each block, and as long as the alignment that LibTorch asks for. */
struct alignas(64) Header {
  Header* next;
  uint32_t kind;
};

// Kinds of block: 64, 128, … 4096 bytes; larger ones are not kept.
constexpr size_t smallest = 64;
constexpr uint32_t kinds = 7;
constexpr size_t mostKept = 32 << 20;  // bytes a thread

uint32_t kindOf(size_t bytes) { return bytes <= smallest ? 0 : std::bit_width((bytes - 1) / smallest); }
constexpr size_t sizeOf(uint32_t kind) { return sizeof(Header) + (smallest << kind); }

/** The blocks that a thread keeps. Trivial, so that a block freed after the thread's other objects finds it.
 */
struct Kept {
  Header* first[kinds];
  size_t bytes;
  bool closed, watched;
};
thread_local Kept kept;

struct Watcher {
  ~Watcher() {
    kept.closed = true;
    for (Header*& first : kept.first)
      while (first != nullptr) c10::free_cpu(std::exchange(first, first->next));
  }
};

void keep(Header* block) {
  if (!kept.watched) {
    thread_local Watcher watcher;  // empties it when the thread ends
    (void)&watcher;
    kept.watched = true;
  }
  block->next = kept.first[block->kind];
  kept.first[block->kind] = block;
  kept.bytes += sizeOf(block->kind);
}

void release(void* data) {
  if (data == nullptr) return;
  Header* block = static_cast<Header*>(data) - 1;
  if (block->kind < kinds && kept.bytes < mostKept && !kept.closed)
    keep(block);
  else
    c10::free_cpu(block);
}

class SmallBlocks final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t bytes) override {
    const uint32_t kind = kindOf(bytes);
    void* data = bytes == 0 ? nullptr : (kind < kinds ? small(kind) : large(bytes)) + 1;
    return {data, data, &release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &release; }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

 private:
  static Header* small(uint32_t kind) {
    Header* block = kept.first[kind];
    if (block == nullptr) return new (c10::alloc_cpu(sizeOf(kind))) Header{nullptr, kind};
    kept.first[kind] = block->next;
    kept.bytes -= sizeOf(kind);
    return block;
  }

  static Header* large(size_t bytes) {
    constexpr size_t most = std::numeric_limits<ptrdiff_t>::max() - sizeof(Header);
    return new (c10::alloc_cpu(bytes > most ? bytes : bytes + sizeof(Header))) Header{nullptr, kinds};
  }
};

}  // namespace

void installAllocator() {
  // Never destroyed: tensors may outlive everything.
  static const bool installed = (c10::SetCPUAllocator(new SmallBlocks), true);
  (void)installed;
}

bool isAllocated(const c10::DataPtr& data) { return data.get_deleter() == &release; }
