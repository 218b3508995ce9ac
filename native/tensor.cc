// Tensors: what they are, and their data in and out. (What computes is an operator.)
#include <c10/core/CPUAllocator.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/StorageImpl.h>
#include <c10/core/TensorImpl.h>

#include <cstring>

#include "addon.h"
#include "convert.h"

namespace {

napi_value dispose(Arguments& args) {
  Handle* handle = args.addon.handles.find(args.index(0));
  // The operator that saves a tensor is at work with its arguments.
  if (args.addon.packing > 0)
    args.failValue(0, "tensors cannot be disposed within a saved tensor hook", "ERR_INVALID_STATE");
  if (handle != nullptr) args.addon.handles.release(args.addon, *handle);
  return args.undefined();
}

napi_value isDisposed(Arguments& args) {
  Handle* handle = args.addon.handles.find(args.index(0));
  return args.from(handle == nullptr || !handle->tensor.defined());
}

// Copied first: making an array may collect garbage, and a tensor is garbage as soon as nothing else uses it.
napi_value shape(Arguments& args) { return args.from(IntVector(args.tensor(0).sizes())); }
napi_value strides(Arguments& args) { return args.from(IntVector(args.tensor(0).strides())); }
napi_value dim(Arguments& args) { return args.from(args.tensor(0).dim()); }
napi_value numel(Arguments& args) { return args.from(args.tensor(0).numel()); }
napi_value dtype(Arguments& args) { return args.from(dtypeIndex(args.tensor(0).scalar_type())); }

/** All dtypes' names, in the order of the places that `dtype` gives. */
napi_value dtypes(Arguments& args) {
  napi_value result;
  check(napi_create_array(args.env, &result));
  for (int64_t k = 0; dtypeAt(k) != nullptr; ++k)
    check(napi_set_element(args.env, result, static_cast<uint32_t>(k), args.from(std::string(dtypeAt(k)))));
  return result;
}

napi_value device(Arguments& args) { return args.from(args.tensor(0).device().str()); }
napi_value elementSize(Arguments& args) {
  return args.from(static_cast<int64_t>(args.tensor(0).element_size()));
}
napi_value storageOffset(Arguments& args) { return args.from(args.tensor(0).storage_offset()); }

napi_value layout(Arguments& args) { return args.from(std::string(layoutName(args.tensor(0).layout()))); }

napi_value isContiguous(Arguments& args) {
  return args.from(
      args.tensor(0).is_contiguous(args.isMissing(1) ? c10::MemoryFormat::Contiguous : args.memoryFormat(1)));
}

/** Where the data begins: two tensors over the same memory tell it by this. */
napi_value dataPointer(Arguments& args) {
  const at::Tensor& tensor = args.tensor(0);
  return args.from(static_cast<int64_t>(
      reinterpret_cast<intptr_t>(tensor.has_storage() ? tensor.const_data_ptr() : nullptr)));
}

/** The memory of a typed array or an ArrayBuffer. To be read last of a call's arguments: reading others may
 * run JavaScript (a getter in a list), and that may detach the buffer or change its size. */
struct Bytes {
  char* data;
  size_t length;
};

Bytes bytesOf(Arguments& args, size_t i) {
  bool is = false;
  size_t length, offset;
  void* data = nullptr;
  napi_value value = args.raw(i), buffer;
  if (value == nullptr) args.fail(i, "typed array or ArrayBuffer");
  if (napi_is_typedarray(args.env, value, &is) == napi_ok && is) {
    auto type =
        static_cast<napi_typedarray_type>(-1);  // stays so for a kind that this Node-API does not know
    check(napi_get_typedarray_info(args.env, value, &type, &length, &data, &buffer, &offset));
    static constexpr size_t sizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2};
    if (static_cast<size_t>(type) >= std::size(sizes)) args.fail(i, "typed array of a known type");
    length *= sizes[type];
  } else if (napi_is_arraybuffer(args.env, value, &is) == napi_ok && is) {
    buffer = value;
    check(napi_get_arraybuffer_info(args.env, value, &data, &length));
  } else {
    args.fail(i, "typed array or ArrayBuffer");
  }
  bool detached = false;
  if (napi_is_detached_arraybuffer(args.env, buffer, &detached) == napi_ok && detached)
    args.failValue(i, "the buffer has been detached");
  return {static_cast<char*>(data), length};
}

size_t bytesFor(Arguments& args, at::IntArrayRef sizes, c10::ScalarType type, size_t i) {
  uint64_t total = c10::elementSize(type);
  for (int64_t size : sizes) {
    if (size < 0) args.failValue(i, "sizes may not be negative");
    if (__builtin_mul_overflow(total, static_cast<uint64_t>(size), &total) || total > INT64_MAX)
      args.failValue(i, "more elements than memory can hold");
  }
  return total;
}

/** Memory on the CPU; where there is not enough, what garbage holds is freed first. */
c10::DataPtr allocate(Arguments& args, size_t bytes) {
  try {
    return c10::GetCPUAllocator()->allocate(bytes);
  } catch (const c10::Error&) {
    forceCollection(args.env);
    return c10::GetCPUAllocator()->allocate(bytes);
  }
}

at::Tensor tensorOver(c10::DataPtr data, size_t bytes, at::IntArrayRef sizes, c10::ScalarType type) {
  auto storage =
      c10::make_intrusive<c10::StorageImpl>(c10::StorageImpl::use_byte_size_t(), bytes, std::move(data),
                                            c10::GetCPUAllocator(), /*resizable=*/false);
  auto tensor = at::detail::make_tensor<c10::TensorImpl>(
      std::move(storage), c10::DispatchKeySet(c10::DispatchKey::CPU), c10::scalarTypeToTypeMeta(type));
  tensor.unsafeGetTensorImpl()->set_sizes_contiguous(sizes);
  return tensor;
}

void checkLength(Arguments& args, size_t i, size_t has, size_t needs) {
  if (has != needs)
    args.failValue(i, "expected " + std::to_string(needs) + " bytes for this shape and dtype, got " +
                          std::to_string(has));
}

/** (object, data, shape, dtype): a tensor with a copy of the data. */
napi_value fromBytes(Arguments& args) {
  IntVector sizes = args.integers(2);
  c10::ScalarType type = args.dtype(3);
  size_t length = bytesFor(args, sizes, type, 2);
  Bytes bytes = bytesOf(args, 1);
  checkLength(args, 1, bytes.length, length);
  c10::DataPtr data = allocate(args, length);
  if (length > 0) std::memcpy(data.get(), bytes.data, length);
  return args.adopt(args.raw(0), tensorOver(std::move(data), length, sizes, type));
}

struct Blob {
  std::shared_ptr<Blobs> blobs;
  bool isOwned;
  napi_ref reference, released;
};

/** Memory that can shrink under a tensor cannot be shared with it. */
void refuseResizable(Arguments& args, size_t i) {
  napi_value buffer = args.raw(i), resizable;
  bool is = false;
  if (buffer != nullptr && napi_is_typedarray(args.env, buffer, &is) == napi_ok && is)
    check(napi_get_typedarray_info(args.env, buffer, nullptr, nullptr, nullptr, &buffer, nullptr));
  else if (buffer == nullptr || napi_is_arraybuffer(args.env, buffer, &is) != napi_ok || !is)
    return;  // what bytesOf refuses
  check(napi_get_named_property(args.env, buffer, "resizable", &resizable));
  if (napi_get_value_bool(args.env, resizable, &is) == napi_ok && is)
    args.failValue(i, "a resizable buffer cannot be shared; copy it");
}

/** (object, data, shape, dtype, isOwned, released): a tensor over the data itself, which stays alive as long
 * as any tensor uses it; and if nobody else uses it, not longer. `released`, if not null, is called at the
 * next chance after that, and the data left alone. */
napi_value fromBlob(Arguments& args) {
  IntVector sizes = args.integers(2);
  c10::ScalarType type = args.dtype(3);
  size_t length = bytesFor(args, sizes, type, 2);
  refuseResizable(args, 1);
  Bytes bytes = bytesOf(args, 1);
  checkLength(args, 1, bytes.length, length);
  if (reinterpret_cast<uintptr_t>(bytes.data) % c10::elementSize(type) != 0)
    args.failValue(1, "the data must be aligned to the size of its dtype");
  bool isOwned = args.boolean(4);
  napi_value released = args.isNull(5) ? nullptr : args.function(5);
  args.addon.blobs->freeDropped(args.env);
  auto blob = std::make_unique<Blob>(Blob{args.addon.blobs, isOwned, nullptr, nullptr});
  if (released != nullptr) check(napi_create_reference(args.env, released, 1, &blob->released));
  check(napi_create_reference(args.env, args.raw(1), 1, &blob->reference));
  c10::DataPtr data(
      bytes.data, blob.release(),
      [](void* context) {
        std::unique_ptr<Blob> blob(static_cast<Blob*>(context));
        blob->isOwned ? blob->blobs->dropOwned(blob->reference, blob->released)
                      : blob->blobs->drop(blob->reference);
      },
      c10::Device(c10::kCPU));
  uint32_t slot = args.addon.handles.take();
  args.addon.handles.attach(args.addon, slot, args.raw(0), tensorOver(std::move(data), length, sizes, type),
                            isOwned ? Memory::owned : Memory::foreign);
  return args.from(static_cast<int64_t>(slot));
}

/** (tensor, data): copies a contiguous CPU tensor's elements out. */
napi_value copyBytes(Arguments& args) {
  const at::Tensor tensor = withValues(args.tensor(0));
  Bytes bytes = bytesOf(args, 1);
  if (!tensor.device().is_cpu() || tensor.layout() != c10::kStrided || !tensor.is_contiguous() ||
      tensor.is_conj() || tensor.is_neg())
    args.failValue(0, "expected a contiguous, strided CPU tensor");
  checkLength(args, 1, bytes.length, tensor.nbytes());
  if (bytes.length == 0) return args.undefined();
  const void* data = tensor.const_data_ptr();
  size_t end = static_cast<size_t>(tensor.storage_offset()) * tensor.element_size() + bytes.length;
  if (data == nullptr || end > tensor.storage().nbytes()) args.failValue(0, "the tensor has no data");
  std::memcpy(bytes.data, data, bytes.length);
  return args.undefined();
}

napi_value item(Arguments& args) {
  const at::Tensor& tensor = args.tensor(0);
  if (tensor.numel() != 1)
    args.failValue(
        0, "a Tensor with " + std::to_string(tensor.numel()) + " elements cannot be converted to a number");
  return args.from(tensor.item());
}

/** (tensor, other): `tensor` becomes another view of `other`'s data, as `x.data = y` does in Python. */
napi_value setData(Arguments& args) {
  at::Tensor tensor = args.tensor(0);
  tensor.set_data(args.tensor(1));
  args.addon.handles.recount(args.addon, args.handle(0));
  return args.undefined();
}

napi_value isSame(Arguments& args) { return args.from(args.tensor(0).is_same(args.tensor(1))); }
napi_value version(Arguments& args) { return args.from(static_cast<int64_t>(args.tensor(0)._version())); }

napi_value defaultDtype(Arguments& args) {
  return args.from(std::string(dtypeName(c10::typeMetaToScalarType(c10::get_default_dtype()))));
}

napi_value setDefaultDtype(Arguments& args) {
  c10::set_default_dtype(c10::scalarTypeToTypeMeta(args.dtype(0)));
  return args.undefined();
}

/** What the addon holds: { tensors, bytes }. */
napi_value memory(Arguments& args) {
  napi_value result;
  check(napi_create_object(args.env, &result));
  check(napi_set_named_property(args.env, result, "tensors",
                                args.from(static_cast<int64_t>(args.addon.handles.live()))));
  check(napi_set_named_property(args.env, result, "bytes", args.from(args.addon.handles.bytes())));
  return result;
}

napi_value collectOften(Arguments& args) {
  args.addon.handles.collectOften();
  return args.undefined();
}

napi_value collectGarbage(Arguments& args) {
  forceCollection(args.env);
  return args.undefined();
}

}  // namespace

const std::vector<Export> tensorExports = {
    {"dispose", dispose, {"tensor"}},
    {"isDisposed", isDisposed, {"tensor"}},
    {"shape", shape, {"tensor"}},
    {"strides", strides, {"tensor"}},
    {"dim", dim, {"tensor"}},
    {"numel", numel, {"tensor"}},
    {"dtype", dtype, {"tensor"}},
    {"dtypes", dtypes, {}},
    {"device", device, {"tensor"}},
    {"layout", layout, {"tensor"}},
    {"elementSize", elementSize, {"tensor"}},
    {"storageOffset", storageOffset, {"tensor"}},
    {"isContiguous", isContiguous, {"tensor", "memoryFormat"}},
    {"dataPointer", dataPointer, {"tensor"}},
    {"fromBytes", fromBytes, {"object", "data", "shape", "dtype"}},
    {"fromBlob", fromBlob, {"object", "data", "shape", "dtype", "isOwned", "released"}},
    {"copyBytes", copyBytes, {"tensor", "data"}},
    {"item", item, {"tensor"}},
    {"setData", setData, {"tensor", "data"}},
    {"isSame", isSame, {"tensor", "other"}},
    {"version", version, {"tensor"}},
    {"defaultDtype", defaultDtype, {}},
    {"setDefaultDtype", setDefaultDtype, {"dtype"}},
    {"memory", memory, {}},
    {"collectOften", collectOften, {}},
    {"collectGarbage", collectGarbage, {}},
};
