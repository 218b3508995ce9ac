#include "allocator.h"

#include <c10/core/CPUAllocator.h>
#include <malloc.h>
#include <sys/mman.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>

namespace {

// Blocks of 64, 128, … 4096 bytes, all aligned to 64 as LibTorch asks; what is larger is LibTorch's own
// allocator's. None is given back to the system: what a peak leaves is for later tensors.
constexpr size_t smallest = 64, kinds = 7, largest = smallest << (kinds - 1);
// Blocks of one kind lie in one chunk, and a chunk's number leads to its kind. 256 MB in all are addresses
// for four million of the smallest: enough, and no great part of what a process with a limit may have.
constexpr size_t chunkSize = size_t{1} << 16, chunks = size_t{1} << 12;

struct Block {
  Block* next;
};

/** A list of free blocks of each kind. */
using Free = std::array<Block*, kinds>;

size_t kindOf(size_t bytes) { return bytes <= smallest ? 0 : std::bit_width((bytes - 1) / smallest); }

/** Where chunks come from: addresses, of which the system fills only those that are used. */
class Region {
 public:
  Region() {
    void* place = mmap(nullptr, chunks * chunkSize, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place != MAP_FAILED) begin_ = static_cast<char*>(place);
  }

  bool contains(const void* data) const {
    return begin_ != nullptr &&
           static_cast<size_t>(static_cast<const char*>(data) - begin_) < chunks * chunkSize;
  }
  size_t kindAt(const void* data) const {
    return kind_[(static_cast<const char*>(data) - begin_) / chunkSize];
  }

  /** Free blocks of a kind, chained: what ended threads left, or a new chunk; null if there is no room. */
  Block* more(size_t kind) {
    std::lock_guard lock(mutex_);
    if (left_[kind] != nullptr) return std::exchange(left_[kind], nullptr);
    if (begin_ == nullptr || used_ == chunks) return nullptr;
    kind_[used_] = static_cast<uint8_t>(kind);
    char* chunk = begin_ + used_++ * chunkSize;
    const size_t size = smallest << kind;
    Block* first = nullptr;
    for (size_t at = chunkSize; at > 0; at -= size) first = new (chunk + at - size) Block{first};
    return first;
  }

  /** Takes the blocks of a thread that ends. */
  void leave(Free& free) {
    std::lock_guard lock(mutex_);
    for (size_t kind = 0; kind < kinds; ++kind)
      while (Block* block = free[kind]) {
        free[kind] = block->next;
        block->next = std::exchange(left_[kind], block);
      }
  }

 private:
  char* begin_ = nullptr;
  size_t used_ = 0;
  std::array<uint8_t, chunks> kind_{};
  Free left_{};
  std::mutex mutex_;
};

// Never destroyed: tensors may outlive everything.
Region& region() {
  static auto* only = new Region();
  return *only;
}

// Trivial, so that a block freed after the thread's other objects still finds it.
thread_local Free free_{};
thread_local bool ended = false;

struct Leaving {
  ~Leaving() {
    ended = true;
    region().leave(free_);
  }
};

/** Has the thread's blocks given to others when it ends. */
void watchThread() {
  thread_local Leaving leaving;
  (void)&leaving;
}

void release(void* data) {
  auto* block = static_cast<Block*>(data);
  const size_t kind = region().kindAt(data);
  if (free_[kind] == nullptr && !ended) watchThread();  // it may free only what others made
  block->next = std::exchange(free_[kind], block);
  if (ended) region().leave(free_);
}

class SmallBlocks final : public c10::Allocator {
 public:
  explicit SmallBlocks(c10::Allocator& others) : others_(others) { releaseOther = others.raw_deleter(); }

  c10::DataPtr allocate(size_t bytes) override {
    if (bytes - 1 >= largest) return others_.allocate(bytes);
    const size_t kind = kindOf(bytes);
    Block*& first = free_[kind];
    if (first == nullptr) {
      if (!ended) watchThread();
      first = region().more(kind);
      if (first == nullptr) return others_.allocate(bytes);
    }
    Block* block = std::exchange(first, first->next);
    return {block, block, &release, c10::Device(c10::DeviceType::CPU)};
  }

  c10::DeleterFnPtr raw_deleter() const override { return &releaseAny; }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    default_copy_data(to, from, bytes);
  }

 private:
  static void releaseAny(void* data) { (region().contains(data) ? &release : releaseOther)(data); }

  c10::Allocator& others_;
  static inline c10::DeleterFnPtr releaseOther = nullptr;
};

}  // namespace

void installAllocator() {
  static const bool installed = [] {
    c10::SetCPUAllocator(new SmallBlocks(*c10::GetCPUAllocator()));
    // What is behind small tensors goes back in thousands, too. glibc would put it into lists of small
    // blocks, and walk and merge all of them each time that 64 KB have come together; without them it merges
    // at once.
    mallopt(M_MXFAST, 0);
    // What a collection frees is asked for again in the next step. glibc would give it to the system and take
    // new pages, which for a network's large results takes a quarter of the step. The first of these is what
    // glibc comes to by itself.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    return true;
  }();
  (void)installed;
}
