// Images in the CPU's memory: whether a tensor is no more than that, and what is done with each image of a
// batch in one call instead of one after the other.
#include "images.h"

#include <ATen/EmptyTensor.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/_upsample_bilinear2d_aa.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "addon.h"
#include "watched.h"

bool isPlain(const at::Tensor& tensor) {
  if (tensor.layout() != c10::kStrided || !tensor.device().is_cpu()) return false;
  if (tensor.scalar_type() != at::kByte && tensor.scalar_type() != at::kFloat) return false;
  if (isWatched(tensor) || tensor._fw_grad(0).defined()) return false;
  return at::detail::computeStorageNbytes(tensor.sizes(), tensor.strides(), tensor.element_size(),
                                          tensor.storage_offset()) <= tensor.storage().nbytes();
}

at::Tensor plainImages(const Arguments& args, size_t i) {
  at::Tensor images = args.tensor(i);
  if (!isPlain(images))
    args.failValue(i,
                   "expected uint8 or float32 values in the CPU's memory, of which no gradient is recorded");
  if (images.dim() < 3) args.failValue(i, "expected [..., C, H, W]");
  return images;
}

at::Tensor pixelsOf(const at::Tensor& images) {
  const auto sizes = images.sizes();
  const auto leading = sizes.slice(0, sizes.size() - 3);
  return images.reshape(
      {c10::multiply_integers(leading), sizes.end()[-3], sizes.end()[-2] * sizes.end()[-1]});
}

Instructions instructions() {
  const std::string capability = at::get_cpu_capability();
  return capability == "AVX512" ? Instructions::avx512
         : capability == "AVX2" ? Instructions::avx2
                                : Instructions::plain;
}

namespace {

/** The same of argument i for a batch [N, C, H, W]. */
at::Tensor plainBatch(const Arguments& args, size_t i) {
  at::Tensor images = plainImages(args, i);
  if (images.dim() != 4) args.failValue(i, "expected [N, C, H, W]");
  return images;
}

napi_value isPlainTensor(Arguments& args) { return args.from(isPlain(args.tensor(0))); }

/** Calls `work` with each number below `count`, in LibTorch's threads where there is one for each. */
template <class Work>
void forEachImage(int64_t count, const Work& work) {
  if (count < at::get_num_threads()) {
    for (int64_t n = 0; n < count; ++n) work(n);
    return;
  }
  at::parallel_for(0, count, 1, [&](int64_t n, int64_t end) {
    for (; n < end; ++n) work(n);
  });
}

// Parameters, for of other pointers the compiler does not believe that they are restricted.
inline void interleave(const uint8_t* __restrict red, const uint8_t* __restrict green,
                       const uint8_t* __restrict blue, uint8_t* __restrict pixels, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    pixels[3 * i] = red[i];
    pixels[3 * i + 1] = green[i];
    pixels[3 * i + 2] = blue[i];
  }
}

inline void separate(const uint8_t* __restrict pixels, uint8_t* __restrict red, uint8_t* __restrict green,
                     uint8_t* __restrict blue, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    red[i] = pixels[3 * i];
    green[i] = pixels[3 * i + 1];
    blue[i] = pixels[3 * i + 2];
  }
}

/** Planes [1, 3, H, W], whose rows may have something between them, as pixels of three bytes. */
void toPixels(const at::Tensor& planes, const at::Tensor& pixels, Instructions known) {
  const uint8_t* from = planes.const_data_ptr<uint8_t>();
  uint8_t* to = pixels.mutable_data_ptr<uint8_t>();
  const int64_t rows = planes.size(2), columns = planes.size(3), plane = planes.stride(1),
                row = planes.stride(2);
  runVectorised(known, [=](auto) {
    for (int64_t y = 0; y < rows; ++y) {
      const uint8_t* red = from + y * row;
      interleave(red, red + plane, red + 2 * plane, to + y * columns * 3, columns);
    }
  });
}

/** And back, to planes that lie behind each other. */
void toPlanes(const at::Tensor& pixels, const at::Tensor& planes, Instructions known) {
  const uint8_t* from = pixels.const_data_ptr<uint8_t>();
  uint8_t* to = planes.mutable_data_ptr<uint8_t>();
  const int64_t size = planes.size(2) * planes.size(3);
  runVectorised(known, [=](auto) { separate(from, to, to + size, to + 2 * size, size); });
}

using Resize = decltype(&at::_ops::_upsample_bilinear2d_aa_out::call);

/** Resizes `from` [1, C, H, W] to `to`. LibTorch's kernel for bytes has pixels of three beside each other; to
 * bring them there it would take longer than for all the rest. */
void resizeTo(at::Tensor& to, const at::Tensor& from, Resize resize, Instructions known) {
  const auto size = to.sym_sizes().slice(2);
  const bool isRgb = from.scalar_type() == at::kByte && from.size(1) == 3;
  if (!isRgb || known == Instructions::plain) {
    resize(from, size, false, std::nullopt, std::nullopt, to);
    return;
  }
  const auto options = from.options().memory_format(c10::MemoryFormat::ChannelsLast);
  at::Tensor pixels = from;
  if (from.stride(3) == 1) {
    pixels = at::empty(from.sizes(), options);
    toPixels(from, pixels, known);
  }
  at::Tensor resized = at::empty(to.sizes(), options);
  resize(pixels, size, false, std::nullopt, std::nullopt, resized);
  toPlanes(resized, to, known);
}

/** (object, images, parts, size, mode): of each image a part (top, left, height, width), resized with
 * antialiasing. */
napi_value resizeParts(Arguments& args) {
  const at::Tensor images = plainBatch(args, 1);
  const IntVector parts = args.integers(2), size = args.integers(3);
  const std::string mode = args.text(4);
  const int64_t count = images.size(0), channels = images.size(1);
  if (static_cast<int64_t>(parts.size()) != 4 * count)
    args.failValue(2, "expected four numbers for each of " + std::to_string(count) + " images, got " +
                          std::to_string(parts.size()));
  const auto isInside = [](int64_t begin, int64_t length, int64_t size) {
    return begin >= 0 && length > 0 && length <= size && begin <= size - length;
  };
  for (int64_t n = 0; n < count; ++n) {
    const int64_t* part = &parts[4 * n];
    if (!isInside(part[0], part[2], images.size(2)) || !isInside(part[1], part[3], images.size(3)))
      args.failValue(2, "expected parts within the images");
  }
  if (size.size() != 2 || size[0] < 1 || size[1] < 1) args.failValue(3, "expected height and width above 0");
  if (mode != "bilinear" && mode != "bicubic") args.fail(4, R"("bilinear" or "bicubic")");
  const Resize resize = mode == "bilinear" ? &at::_ops::_upsample_bilinear2d_aa_out::call
                                           : &at::_ops::_upsample_bicubic2d_aa_out::call;
  const Instructions known = instructions();
  at::Tensor result = at::empty({count, channels, size[0], size[1]}, images.options());
  if (channels > 0)
    forEachImage(count, [&](int64_t n) {
      const at::AutoDispatchBelowADInplaceOrView guard;  // other threads do not know of inference mode
      const int64_t* part = &parts[4 * n];
      const at::Tensor from = images.narrow(0, n, 1).narrow(2, part[0], part[2]).narrow(3, part[1], part[3]);
      at::Tensor to = result.narrow(0, n, 1);
      if (part[2] == size[0] && part[3] == size[1])
        to.copy_(from);
      else
        resizeTo(to, from, resize, known);
    });
  return args.adopt(args.raw(0), result);
}

template <typename T>
inline void copyRow(const T* __restrict from, T* __restrict to, int64_t size, bool mirrored) {
  if (mirrored)
    for (int64_t i = 0; i < size; ++i) to[i] = from[size - 1 - i];
  else
    std::copy_n(from, size, to);
}

template <typename T>
void mirror(const at::Tensor& images, const at::Tensor& result, const std::vector<bool>& which, bool upDown) {
  const int64_t rows = images.size(2), columns = images.size(3), planes = images.size(1);
  const T* from = images.const_data_ptr<T>();
  T* to = result.mutable_data_ptr<T>();
  const Instructions known = instructions();
  at::parallel_for(0, images.size(0) * planes, 1, [&](int64_t plane, int64_t end) {
    runVectorised(known, [&](auto) {
      for (; plane < end; ++plane) {
        const bool mirrored = which[plane / planes];
        for (int64_t y = 0; y < rows; ++y)
          copyRow(from + (plane * rows + (mirrored && upDown ? rows - 1 - y : y)) * columns,
                  to + (plane * rows + y) * columns, columns, mirrored && !upDown);
      }
    });
  });
}

/** (object, images, which, upDown): those images mirrored, left to right or else upside down; the others as
 * they are. */
napi_value mirrorSome(Arguments& args) {
  const at::Tensor images = plainBatch(args, 1);
  const std::vector<bool> which = args.booleans(2);
  const bool upDown = args.boolean(3);
  if (static_cast<int64_t>(which.size()) != images.size(0))
    args.failValue(
        2, "expected " + std::to_string(images.size(0)) + " booleans, got " + std::to_string(which.size()));
  at::Tensor result = at::empty(images.sizes(), images.options());
  if (result.numel() > 0) {
    if (images.scalar_type() == at::kByte)
      mirror<uint8_t>(images.contiguous(), result, which, upDown);
    else
      mirror<float>(images.contiguous(), result, which, upDown);
  }
  return args.adopt(args.raw(0), result);
}

template <typename T>
inline void normalizeRow(const T* __restrict from, int64_t step, float* __restrict to, int64_t size,
                         float mean, float deviation) {
  constexpr float scale = std::is_same_v<T, uint8_t> ? 1 / 255.0 : 1;
  if (step == 1)
    for (int64_t i = 0; i < size; ++i) to[i] = (from[i] * scale - mean) / deviation;
  else
    for (int64_t i = 0; i < size; ++i) to[i] = (from[i * step] * scale - mean) / deviation;
}

template <typename T>
void normalize(const at::Tensor& images, const at::Tensor& result, const std::vector<double>& means,
               const std::vector<double>& deviations) {
  constexpr int64_t most = 1 << 14;
  const int64_t channels = images.size(1), pixels = images.size(2), step = images.stride(2);
  const int64_t blocks = (pixels + most - 1) / most;
  const T* data = images.const_data_ptr<T>();
  float* out = result.mutable_data_ptr<float>();
  const Instructions known = instructions();
  at::parallel_for(0, images.size(0) * channels * blocks, 2, [&](int64_t k, int64_t end) {
    runVectorised(known, [&](auto) {
      for (; k < end; ++k) {
        const int64_t plane = k / blocks, n = plane / channels, c = plane % channels;
        const int64_t begin = k % blocks * most, size = std::min(pixels - begin, most);
        const float mean = means[means.size() == 1 ? 0 : c];
        const float deviation = deviations[deviations.size() == 1 ? 0 : c];
        const T* from = data + n * images.stride(0) + c * images.stride(1) + begin * step;
        normalizeRow(from, step, out + plane * pixels + begin, size, mean, deviation);
      }
    });
  });
}

/** (object, images, mean, std): plain images [..., C, H, W] as float32, bytes as 0 to 1; then (value - mean)
 * / std, by channel or one for all. */
napi_value normalizePixels(Arguments& args) {
  const at::Tensor images = plainImages(args, 1);
  const at::Tensor pixels = pixelsOf(images);
  const auto perChannel = [&](size_t i) {
    std::vector<double> values = args.numbers(i);
    const int64_t count = static_cast<int64_t>(values.size());
    if (count != 1 && count != pixels.size(1))
      args.failValue(
          i, "expected 1 or " + std::to_string(pixels.size(1)) + " numbers, got " + std::to_string(count));
    return values;
  };
  const std::vector<double> means = perChannel(2), deviations = perChannel(3);
  at::Tensor result = at::empty(pixels.sizes(), images.options().dtype(at::kFloat));
  if (result.numel() > 0) {
    if (images.scalar_type() == at::kByte)
      normalize<uint8_t>(pixels, result, means, deviations);
    else
      normalize<float>(pixels, result, means, deviations);
  }
  return args.adopt(args.raw(0), result.view(images.sizes()));
}

}  // namespace

const std::vector<Export> imageExports = {
    {"isPlainTensor", isPlainTensor, {"tensor"}},
    {"mirrorSome", mirrorSome, {"object", "images", "which", "upDown"}},
    {"normalizePixels", normalizePixels, {"object", "images", "mean", "std"}},
    {"resizeParts", resizeParts, {"object", "images", "parts", "size", "mode"}},
};
