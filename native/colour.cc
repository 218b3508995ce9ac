// Brightness, contrast, saturation and hue of images. What operators compute in
// lib/vision/transforms/functional/colour is computed here to the last bit, but with a few pixels at a time
// going through all steps, instead of a pass over memory for each operator.
#include <ATen/Parallel.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/ops/add.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mean.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "addon.h"
#include "convert.h"
#include "images.h"

namespace {

/** As lib/vision/transforms/functional/colour/adjustments.ts numbers them. */
enum Kind : int64_t { brightness, contrast, saturation, hue, nothing };

struct Step {
  Kind kind;
  float factor;
  float rest;      // 1 - factor
  float mean = 0;  // of the shades of grey, for contrast
};

/** How many values LibTorch's kernels take at a time. They may round the few behind those otherwise. */
constexpr int64_t kernelWidth = 16;

/** Pixels that are worked on at a time. */
struct Block {
  static constexpr int64_t usual = 1024, most = usual + kernelWidth;
  alignas(64) float red[most], green[most], blue[most];
  int64_t size;
  int64_t tail;  // how many of the values, channel by channel, are the image's last few

  /** The last block of an image has all of its tail. */
  static int64_t countOf(int64_t pixels) {
    return std::max<int64_t>(1, (pixels + usual - 1 - kernelWidth) / usual);
  }
  float& tailAt(int64_t i) {
    const int64_t at = 3 * size - tail + i;
    float* planes[] = {red, green, blue};
    return planes[at / size][at % size];
  }
};

/** sum + x * y, as LibTorch's kernels round it. */
template <bool fused>
inline float plus(float sum, float x, float y) {
  if constexpr (fused)
    return __builtin_fmaf(x, y, sum);
  else
    return sum + x * y;
}

/** Cut off at black and white; bytes lose their fraction, and what is no number is 0. */
template <bool bytes>
inline float cut(float x) {
  if constexpr (bytes) {
    x = x > 0 ? x : 0;
    return std::floor(x < 255 ? x : 255);
  } else {
    x = x < 0 ? 0 : x;
    return x > 1 ? 1 : x;
  }
}

template <bool bytes, bool fused>
inline float greyOf(float red, float green, float blue) {
  const float grey = plus<fused>(plus<fused>(red * 0.2989f, green, 0.587f), blue, 0.114f);
  return bytes ? std::floor(grey) : grey;
}

/** The larger one, or the one that is no number. */
template <bool bytes>
inline float larger(float a, float b) {
  const float most = a > b ? a : b;
  return bytes ? most : a != a ? a : most;
}
template <bool bytes>
inline float smaller(float a, float b) {
  const float least = a < b ? a : b;
  return bytes ? least : a != a ? a : least;
}

/** Turns the hue of one pixel: to hue, saturation and value and back, rounded as torchvision's operators do.
 */
template <bool bytes>
inline void turnHue(float& red, float& green, float& blue, float by) {
  constexpr float toUnit = bytes ? 1 / 255.0 : 1;
  const float r = red * toUnit, g = green * toUnit, b = blue * toUnit;
  const float v = larger<bytes>(larger<bytes>(r, g), b);
  const float range = v - smaller<bytes>(smaller<bytes>(r, g), b);
  const float grey = range == 0 ? 1 : 0;  // no division by 0
  const float s = range / (v + grey);
  const bool isRed = v == r, isGreen = v == g;
  const float first = isRed ? b : isGreen ? r : g;
  const float second = isRed ? g : isGreen ? b : r;
  const float place = isRed ? 0 : isGreen ? 2 : 4;  // in sixths of a turn
  const float sixths = ((v - first) / (range + grey) + place) - (v - second) / (range + grey);
  const float above = sixths * static_cast<float>(1 / 6.0) + 1;
  const float hue = (above - std::floor(above)) + by;
  float turn = hue - std::floor(hue);
  turn -= std::floor(turn);  // the first may have rounded to 1
  const float h6 = turn * 6;
  const float sector = std::floor(h6);
  const float part = (h6 - sector) * s;
  const float rest = 1 - s;
  const bool falls = (sector == 1) | (sector == 3) | (sector == 5);
  const float between = cut<false>((falls ? 1 - part : part + rest) * v);
  const float least = cut<false>(rest * v);
  // how far from the middle of the sectors in which the channel is the least, or the largest
  const float fromCyan = std::abs(sector - 2.5f);
  const float fromGreen = std::abs(sector - 1.5f);
  const float fromBlue = std::abs(sector - 3.5f);
  red = fromCyan > 2 ? v : fromCyan > 1 ? between : least;
  green = fromGreen < 1 ? v : fromGreen < 2 ? between : least;
  blue = fromBlue < 1 ? v : fromBlue < 2 ? between : least;
  if constexpr (bytes) {
    constexpr float almost = 255.999;  // so that each byte is as likely as the others
    red = std::floor(red * almost);
    green = std::floor(green * almost);
    blue = std::floor(blue * almost);
  }
}

/** Adds mean * rest to each value, by LibTorch. */
[[gnu::noinline]] void addMean(float* values, int64_t size, float mean, float rest) {
  const at::AutoDispatchBelowADInplaceOrView guard;
  at::Tensor sum = at::from_blob(values, {size}, at::kFloat);
  sum.add_(at::from_blob(&mean, {1}, at::kFloat), rest);
}

template <bool bytes, bool fused>
inline void addContrast(Block& block, const Step& step) {
  const float factor = step.factor, rest = step.rest, mean = step.mean;
  float tail[kernelWidth];
  for (int64_t i = 0; i < block.tail; ++i) tail[i] = block.tailAt(i) * factor;
  for (float* plane : {block.red, block.green, block.blue})
    for (int64_t i = 0; i < block.size; ++i)
      plane[i] = cut<bytes>(plus<fused>(plane[i] * factor, mean, rest));
  if (block.tail == 0) return;
  addMean(tail, block.tail, mean, rest);
  for (int64_t i = 0; i < block.tail; ++i) block.tailAt(i) = cut<bytes>(tail[i]);
}

template <bool bytes, bool fused>
inline void take(Block& block, const Step& step) {
  auto& [red, green, blue, size, tail] = block;
  const float factor = step.factor, rest = step.rest;
  switch (step.kind) {
    case brightness:
      for (float* plane : {red, green, blue})
        for (int64_t i = 0; i < size; ++i) plane[i] = cut<bytes>(plane[i] * factor);
      break;
    case contrast:
      addContrast<bytes, fused>(block, step);
      break;
    case saturation:
      for (int64_t i = 0; i < size; ++i) {
        const float grey = greyOf<bytes, fused>(red[i], green[i], blue[i]);
        red[i] = cut<bytes>(plus<fused>(red[i] * factor, grey, rest));
        green[i] = cut<bytes>(plus<fused>(green[i] * factor, grey, rest));
        blue[i] = cut<bytes>(plus<fused>(blue[i] * factor, grey, rest));
      }
      break;
    case hue:
      for (int64_t i = 0; i < size; ++i) {
        float r = red[i], g = green[i], b = blue[i];
        turnHue<bytes>(r, g, b, factor);
        red[i] = r;
        green[i] = g;
        blue[i] = b;
      }
      break;
    case nothing:
      break;
  }
}

template <typename T>
inline void load(const T* __restrict from, int64_t step, float* __restrict to, int64_t size) {
  if (step == 1)
    for (int64_t i = 0; i < size; ++i) to[i] = from[i];
  else
    for (int64_t i = 0; i < size; ++i) to[i] = from[i * step];
}

inline void store(const float* __restrict from, uint8_t* __restrict to, int64_t size) {
  for (int64_t i = 0; i < size; ++i) to[i] = static_cast<uint8_t>(static_cast<int32_t>(from[i]));
}
inline void store(const float* from, float* to, int64_t size) { std::copy_n(from, size, to); }

/** Images [N, 3, pixels]. */
template <typename T>
struct Planes {
  T* data;
  int64_t image, channel, pixel;  // strides

  Planes(const at::Tensor& images, T* data)
      : data(data), image(images.stride(0)), channel(images.stride(1)), pixel(images.stride(2)) {}
  T* at(int64_t n, int64_t c, int64_t begin) const { return data + n * image + c * channel + begin * pixel; }
};

/** What is next for an image: its steps up to one that has to know a mean. */
struct Turn {
  size_t from = 0, until = 0;
};

/** Changes images by their steps, `turns` for each. */
template <typename T>
class Adjustment {
 public:
  Adjustment(const at::Tensor& images, const at::Tensor& result, std::vector<Step>& steps)
      : result_(result),
        from_(images, images.const_data_ptr<T>()),
        to_(result, result.mutable_data_ptr<T>()),
        steps_(steps),
        turns_(steps.size() / images.size(0)),
        pixels_(images.size(2)) {}

  /** Changes `count` images from the `first` on; `grey` has room for their shades of grey. */
  void run(int64_t first, int64_t count, const at::Tensor& grey) {
    std::vector<Turn> next(count);
    for (bool begins = true;; begins = false) {
      bool more = begins;
      for (int64_t n = 0; n < count; ++n) {
        auto& [from, until] = next[n];
        from = until;
        until = contrastFrom(first + n, begins ? from : from + 1);
        more |= from < turns_;
      }
      if (!more) return;
      pass(begins ? from_ : Planes<const T>(result_, to_.data), first, next, begins, grey);
      for (int64_t n = 0; n < count; ++n)
        if (next[n].until < turns_)
          stepsOf(first + n)[next[n].until].mean = *grey[n].mean({0, 1}).template const_data_ptr<float>();
    }
  }

 private:
  static constexpr bool bytes = std::is_same_v<T, uint8_t>;

  Step* stepsOf(int64_t n) { return steps_.data() + n * turns_; }
  size_t contrastFrom(int64_t n, size_t k) {
    while (k < turns_ && stepsOf(n)[k].kind != contrast) ++k;
    return std::min(k, turns_);
  }

  /** The steps that are next. Shades of grey are left for those images that then need their mean. */
  void pass(const Planes<const T>& from, int64_t first, const std::vector<Turn>& next, bool all,
            const at::Tensor& grey) {
    const int64_t blocks = Block::countOf(pixels_);
    const Instructions known = instructions();
    float* greys = grey.defined() ? grey.mutable_data_ptr<float>() : nullptr;
    at::parallel_for(0, static_cast<int64_t>(next.size()) * blocks, 16, [&](int64_t k, int64_t end) {
      runVectorised(known, [&](auto fused) {
        Block block;
        for (; k < end; ++k) {
          const int64_t n = k / blocks, begin = k % blocks * Block::usual;
          const bool isLast = k % blocks == blocks - 1;
          const Turn& turn = next[n];
          if (!all && turn.from == turns_) continue;
          block.size = isLast ? pixels_ - begin : Block::usual;
          block.tail = isLast ? 3 * pixels_ % kernelWidth : 0;
          float* planes[] = {block.red, block.green, block.blue};
          for (int c = 0; c < 3; ++c) load(from.at(first + n, c, begin), from.pixel, planes[c], block.size);
          for (size_t i = turn.from; i < turn.until; ++i) take<bytes, fused>(block, stepsOf(first + n)[i]);
          for (int c = 0; c < 3; ++c) store(planes[c], to_.at(first + n, c, begin), block.size);
          if (turn.until == turns_) continue;
          float* shades = greys + n * pixels_ + begin;
          for (int64_t i = 0; i < block.size; ++i)
            shades[i] = greyOf<bytes, fused>(block.red[i], block.green[i], block.blue[i]);
        }
      });
    });
  }

  const at::Tensor& result_;
  const Planes<const T> from_;
  const Planes<T> to_;
  std::vector<Step>& steps_;
  const size_t turns_;
  const int64_t pixels_;
};

/** How many images' shades of grey are kept at a time. */
constexpr int64_t keptPixels = 1 << 20;

template <typename T>
void adjust(const at::Tensor& images, const at::Tensor& result, std::vector<Step>& steps) {
  const int64_t count = images.size(0), pixels = images.size(2);
  const int64_t most = std::clamp<int64_t>(keptPixels / pixels, 1, count);
  const bool measures =
      std::any_of(steps.begin(), steps.end(), [](auto& step) { return step.kind == contrast; });
  at::Tensor grey;
  if (measures) grey = at::empty({most, 1, pixels}, at::kFloat);
  Adjustment<T> adjustment(images, result, steps);
  for (int64_t n = 0; n < count; n += most) adjustment.run(n, std::min(most, count - n), grey);
}

/** (object, images, kinds, factors): plain images [..., 3, H, W], changed by as many steps each, of which
 * some may be nothing. */
napi_value adjustColours(Arguments& args) {
  const at::Tensor images = plainImages(args, 1);
  const IntVector kinds = args.integers(2);
  const std::vector<double> factors = args.numbers(3);
  if (images.size(-3) != 3) args.failValue(1, "expected three channels");
  const at::Tensor pixels = pixelsOf(images);
  const int64_t count = pixels.size(0);
  if (kinds.empty() || count == 0 || kinds.size() % count != 0)
    args.failValue(2, "expected as many steps for each of " + std::to_string(count) + " images, got " +
                          std::to_string(kinds.size()));
  if (factors.size() != kinds.size())
    args.failValue(
        3, "expected " + std::to_string(kinds.size()) + " numbers, got " + std::to_string(factors.size()));
  std::vector<Step> steps;
  for (size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] < brightness || kinds[i] > nothing)
      args.failValue(2, "expected numbers from 0 to 4, got " + std::to_string(kinds[i]));
    steps.push_back(
        {static_cast<Kind>(kinds[i]), static_cast<float>(factors[i]), static_cast<float>(1 - factors[i])});
  }
  const at::Tensor result = at::empty(pixels.sizes(), images.options());
  if (result.numel() > 0) {
    if (images.scalar_type() == at::kByte)
      adjust<uint8_t>(pixels, result, steps);
    else
      adjust<float>(pixels, result, steps);
  }
  return args.adopt(args.raw(0), result.view(images.sizes()));
}

}  // namespace

const std::vector<Export> colourExports = {
    {"adjustColours", adjustColours, {"object", "images", "kinds", "factors"}},
};
