// Files as memory: tensors over a file's own pages, and tensors laid out within memory that is there already.
#include <c10/core/StorageImpl.h>
#include <c10/core/TensorImpl.h>
#include <dlfcn.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>

#include "addon.h"
#include "convert.h"

namespace {

// ---- what is mapped, for the signal that a file became shorter than its mapping
//
// The kernel then sends SIGBUS to whoever touches a page that is gone, and no error can be thrown from there:
// the process ends, but not before it has said why. A signal belongs to the whole process, so this is its
// only state that is not an environment's.

struct Range {
  std::atomic<uintptr_t> begin{0}, end{0};
  std::atomic<const char*> path{nullptr};
};

std::array<Range, 256> ranges;  // mappings beyond these are mapped all the same, and end without a word
struct sigaction previous;
std::atomic_flag spoken;

void say(const char* text) {
  ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
  (void)ignored;
}

void onBusError(int, siginfo_t* info, void*) {
  auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  for (const Range& range : ranges) {
    if (address < range.begin || address >= range.end) continue;
    // Several threads may meet it at once: one speaks and ends the process, the others wait for that.
    while (spoken.test_and_set()) pause();
    say("torch-node: ");
    say(range.path);
    say(": became shorter while tensors were mapped from it, and their values are gone. Load it with mmap: "
        "false "
        "where other programs write to it.\n");
    break;
  }
  sigaction(SIGBUS, &previous, nullptr);  // which the same instruction meets when it runs again
}

void watch() {
  static std::once_flag once;
  std::call_once(once, [] {
    Dl_info
        self;  // stays in memory for as long as its handler may be called, also where only a worker loaded it
    if (dladdr(reinterpret_cast<void*>(onBusError), &self) == 0 ||
        dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE) == nullptr)
      return;
    struct sigaction action {};
    action.sa_sigaction = onBusError;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGBUS, &action, &previous);
  });
}

/** A private mapping of a file's beginning: writing to it leaves the file as it is. */
class Mapping {
 public:
  Mapping(void* data, size_t size, std::string path) : data_(data), size_(size), path_(std::move(path)) {
    auto begin = reinterpret_cast<uintptr_t>(data);
    for (Range& range : ranges) {
      const char* none = nullptr;
      if (!range.path.compare_exchange_strong(none, path_.c_str())) continue;
      range.end = begin + size;
      range.begin = begin;
      range_ = &range;
      break;
    }
  }

  ~Mapping() {
    if (range_ != nullptr) {
      range_->end = 0;
      range_->begin = 0;
      range_->path = nullptr;
    }
    munmap(data_, size_);
  }

  Mapping(const Mapping&) = delete;

 private:
  void* data_;
  size_t size_;
  std::string path_;
  Range* range_ = nullptr;
};

[[noreturn]] void failFile(const std::string& path, const std::string& problem) {
  throw TorchError("ERR_INVALID_FILE", "", "", path + ": " + problem);
}

c10::Storage storageOver(c10::DataPtr data, size_t bytes) {
  return c10::make_intrusive<c10::StorageImpl>(c10::StorageImpl::use_byte_size_t(), bytes, std::move(data),
                                               /*allocator=*/nullptr, /*resizable=*/false);
}

at::Tensor tensorIn(c10::Storage storage, c10::ScalarType type) {
  c10::DispatchKey key = c10::computeDispatchKey(type, c10::kStrided, storage.device());
  return at::detail::make_tensor<c10::TensorImpl>(std::move(storage), c10::DispatchKeySet(key),
                                                  c10::scalarTypeToTypeMeta(type));
}

napi_value attach(Arguments& args, at::Tensor tensor, Memory memory) {
  uint32_t slot = args.addon.handles.take();
  args.addon.handles.attach(args.addon, slot, args.raw(0), std::move(tensor), memory);
  return args.from(static_cast<int64_t>(slot));
}

/** (object, file descriptor, size, path): the file's first `size` bytes, mapped. `path` is for messages. */
napi_value mapFile(Arguments& args) {
  int file = static_cast<int>(args.integer(1));
  int64_t size = args.integer(2);
  std::string path = args.text(3);
  struct stat status;
  if (fstat(file, &status) != 0) failFile(path, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) failFile(path, "not a plain file, which alone can be mapped");
  if (size < 1 || size > status.st_size)
    failFile(path, "has " + std::to_string(status.st_size) + " bytes, " + std::to_string(size) +
                       " were to be mapped");
  watch();
  void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file, 0);
  if (memory == MAP_FAILED) failFile(path, std::string("cannot be mapped: ") + std::strerror(errno));
  c10::DataPtr data(
      memory, new Mapping(memory, size, std::move(path)),
      [](void* mapping) { delete static_cast<Mapping*>(mapping); }, c10::Device(c10::kCPU));
  at::Tensor tensor = tensorIn(storageOver(std::move(data), size), c10::kByte);
  tensor.unsafeGetTensorImpl()->set_sizes_contiguous({size});
  return attach(args, std::move(tensor), Memory::foreign);  // pages that the kernel can take back
}

/** (object, bytes, begin, length): a storage of its own over part of the memory of a contiguous uint8 tensor.
 */
napi_value partOf(Arguments& args) {
  const at::Tensor& whole = args.tensor(1);
  int64_t begin = args.integer(2), length = args.integer(3);
  if (whole.scalar_type() != c10::kByte || !whole.is_contiguous())
    args.failValue(1, "expected a contiguous Tensor of uint8");
  if (begin < 0 || length < 0 || begin > whole.numel() || length > whole.numel() - begin)
    args.failValue(2, "beyond the end of the memory");
  void* memory = static_cast<char*>(whole.mutable_data_ptr()) + begin;
  auto* holder = new c10::Storage(whole.storage());
  c10::DataPtr data(
      memory, holder, [](void* storage) { delete static_cast<c10::Storage*>(storage); }, whole.device());
  at::Tensor tensor = tensorIn(storageOver(std::move(data), length), c10::kByte);
  tensor.unsafeGetTensorImpl()->set_sizes_contiguous({length});
  return attach(args, std::move(tensor), Memory::foreign);
}

/** (object, bytes, dtype, shape, strides, offset): a tensor over the storage of another, laid out in elements
 * of its own dtype. */
napi_value layOut(Arguments& args) {
  c10::Storage storage =
      args.tensor(1).storage();  // kept: reading the lists may run JavaScript that disposes
  c10::ScalarType type = args.dtype(2);
  if (c10::isQIntType(type)) args.failValue(2, "a quantized dtype has more to it than its elements");
  IntVector shape = args.integers(3), strides = args.integers(4);
  int64_t offset = args.integer(5);
  int64_t size = static_cast<int64_t>(c10::elementSize(type));
  if (strides.size() != shape.size()) args.failValue(4, "expected as many strides as sizes");
  if (offset < 0) args.failValue(5, "may not be negative");
  bool overflow = false, empty = false;
  int64_t last = offset, bytes = size;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] < 0) args.failValue(3, "sizes may not be negative");
    if (strides[i] < 0) args.failValue(4, "strides may not be negative");
    empty |= shape[i] == 0;
    int64_t span;
    overflow |= __builtin_mul_overflow(bytes, std::max<int64_t>(shape[i], 1), &bytes);
    overflow |= __builtin_mul_overflow(std::max<int64_t>(shape[i] - 1, 0), strides[i], &span);
    overflow |= __builtin_add_overflow(last, span, &last);
  }
  overflow |= __builtin_add_overflow(last, 1, &last) || __builtin_mul_overflow(last, size, &last);
  if (overflow || (!empty && last > static_cast<int64_t>(storage.nbytes())))
    args.failValue(3, "reaches beyond its storage of " + std::to_string(storage.nbytes()) + " bytes");
  if (reinterpret_cast<uintptr_t>(storage.data()) % std::min<int64_t>(size, 8) != 0)
    args.failValue(1, "the memory must be aligned to the size of the dtype");
  at::Tensor tensor = tensorIn(storage, type);
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(shape, strides, offset);
  return attach(args, std::move(tensor), Memory::torch);
}

}  // namespace

const std::vector<Export> fileExports = {
    {"mapFile", mapFile, {"object", "file", "size", "path"}},
    {"partOf", partOf, {"object", "bytes", "begin", "length"}},
    {"layOut", layOut, {"object", "bytes", "dtype", "shape", "strides", "storageOffset"}},
};
