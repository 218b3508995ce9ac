// Images in the CPU's memory, for what computes on their pixels without LibTorch's operators.
#pragma once

#include <ATen/core/Tensor.h>

#include <type_traits>

#include "convert.h"

/** Whether a tensor is no more than uint8 or float32 values in the CPU's memory: nothing records or
 * transforms what is done with it. */
bool isPlain(const at::Tensor& tensor);

/** The tensor of argument i, which must be a plain one [..., C, H, W]. */
at::Tensor plainImages(const Arguments& args, size_t i);

/** The same as [N, C, H * W]: a view where the rows lie behind each other, else a copy. */
at::Tensor pixelsOf(const at::Tensor& images);

/** The instructions that LibTorch's own kernels use here. With more than the plain ones they add products to
 * sums unrounded. */
enum class Instructions { plain, avx2, avx512 };
Instructions instructions();

#if defined(__x86_64__)
template <class Work>
[[gnu::flatten, gnu::target("avx2,fma")]] void runWithAvx2(const Work& work) {
  work(std::true_type());
}
template <class Work>
[[gnu::flatten, gnu::target("avx512f,avx512bw,avx512dq,avx512vl,fma,prefer-vector-width=512")]] void
runWithAvx512(const Work& work) {
  work(std::true_type());
}

#else
template <class Work>
void runWithAvx2(const Work& work) {
  work(std::true_type());
}
template <class Work>
void runWithAvx512(const Work& work) {
  work(std::true_type());
}
#endif

/** Calls `work` as compiled for these instructions; it is told whether products are added unrounded. */
template <class Work>
void runVectorised(Instructions instructions, const Work& work) {
  switch (instructions) {
    case Instructions::avx512:
      return runWithAvx512(work);
    case Instructions::avx2:
      return runWithAvx2(work);
    default:
      return work(std::false_type());
  }
}
