// LibTorch's own switches: how exact and how reproducible operators are, which kernels they may take; and
// autocast.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include "addon.h"
#include "convert.h"

// As ATen/autocast_mode.h declares them, which would bring all of ATen.
namespace at::autocast {
TORCH_API bool is_autocast_enabled(c10::DeviceType type);
TORCH_API void set_autocast_enabled(c10::DeviceType type, bool enabled);
TORCH_API c10::ScalarType get_autocast_dtype(c10::DeviceType type);
TORCH_API void set_autocast_dtype(c10::DeviceType type, c10::ScalarType dtype);
TORCH_API bool is_autocast_cache_enabled();
TORCH_API void set_autocast_cache_enabled(bool enabled);
TORCH_API void clear_cache();
TORCH_API int increment_nesting();
TORCH_API int decrement_nesting();
}  // namespace at::autocast

namespace {

/** A switch that is on or off. Only functions that LibTorch exports: the fields' places differ between
 * versions. */
struct Switch {
  const char* name;
  bool (*get)(const at::Context&);
  void (*set)(at::Context&, bool);
};

#define TORCH_NODE_SWITCH(name, getter, setter)                    \
  {                                                                \
    name, [](const at::Context& c) -> bool { return c.getter(); }, \
        [](at::Context& c, bool on) { c.setter(on); }              \
  }

const Switch switches[] = {
    TORCH_NODE_SWITCH("cudnn", userEnabledCuDNN, setUserEnabledCuDNN),
    TORCH_NODE_SWITCH("cudnnBenchmark", benchmarkCuDNN, setBenchmarkCuDNN),
    TORCH_NODE_SWITCH("cudnnDeterministic", deterministicCuDNN, setDeterministicCuDNN),
    TORCH_NODE_SWITCH("cudnnAllowTf32", allowTF32CuDNN, setAllowTF32CuDNN),
    TORCH_NODE_SWITCH("cublasAllowTf32", allowTF32CuBLAS, setAllowTF32CuBLAS),
    TORCH_NODE_SWITCH("mkldnn", userEnabledMkldnn, setUserEnabledMkldnn),
    TORCH_NODE_SWITCH("mkldnnDeterministic", deterministicMkldnn, setDeterministicMkldnn),
    TORCH_NODE_SWITCH("nnpack", userEnabledNNPACK, setUserEnabledNNPACK),
    TORCH_NODE_SWITCH("flashSdp", userEnabledFlashSDP, setSDPUseFlash),
    TORCH_NODE_SWITCH("memEfficientSdp", userEnabledMemEfficientSDP, setSDPUseMemEfficient),
    TORCH_NODE_SWITCH("mathSdp", userEnabledMathSDP, setSDPUseMath),
    TORCH_NODE_SWITCH("cudnnSdp", userEnabledCuDNNSDP, setSDPUseCuDNN),
    TORCH_NODE_SWITCH("fillUninitializedMemory", deterministicFillUninitializedMemory,
                      setDeterministicFillUninitializedMemory),
    {"warnAlways", [](const at::Context&) { return c10::WarningUtils::get_warnAlways(); },
     [](at::Context&, bool on) { c10::WarningUtils::set_warnAlways(on); }},
    {"autocastCache", [](const at::Context&) { return at::autocast::is_autocast_cache_enabled(); },
     [](at::Context&, bool on) { at::autocast::set_autocast_cache_enabled(on); }},
    {"mkl", [](const at::Context&) { return at::Context::hasMKL(); }, nullptr},
    {"lapack", [](const at::Context&) { return at::Context::hasLAPACK(); }, nullptr},
    {"openmp", [](const at::Context&) { return at::Context::hasOpenMP(); }, nullptr},
    {"hasMkldnn", [](const at::Context&) { return at::Context::hasMKLDNN(); }, nullptr},
};
#undef TORCH_NODE_SWITCH

const Switch& switchNamed(Arguments& args) {
  std::string name = args.text(0);
  for (const Switch& each : switches)
    if (name == each.name) return each;
  args.fail(0, "the name of a switch");
}

napi_value getSwitch(Arguments& args) { return args.from(switchNamed(args).get(at::globalContext())); }

napi_value setSwitch(Arguments& args) {
  const Switch& found = switchNamed(args);
  if (found.set == nullptr) args.failValue(0, "this cannot be changed: it is how LibTorch was built");
  found.set(at::globalContext(), args.boolean(1));
  return args.undefined();
}

/** () => 0: any algorithm, 1: a warning where one is not deterministic, 2: an error there */
napi_value deterministicMode(Arguments& args) {
  const at::Context& context = at::globalContext();
  bool on = context.deterministicAlgorithms();
  return args.from(int64_t{!on ? 0 : context.deterministicAlgorithmsWarnOnly() ? 1 : 2});
}

napi_value setDeterministicMode(Arguments& args) {
  int64_t mode = args.integer(0);
  if (mode < 0 || mode > 2) args.failValue(0, "expected 0, 1 or 2");
  at::globalContext().setDeterministicAlgorithms(mode > 0, mode == 1);
  return args.undefined();
}

napi_value float32MatmulPrecision(Arguments& args) {
  switch (at::globalContext().float32MatmulPrecision()) {
    case at::Float32MatmulPrecision::HIGHEST:
      return args.from(std::string("highest"));
    case at::Float32MatmulPrecision::HIGH:
      return args.from(std::string("high"));
    default:
      return args.from(std::string("medium"));
  }
}

napi_value setFloat32MatmulPrecision(Arguments& args) {
  std::string precision = args.text(0);
  if (precision != "highest" && precision != "high" && precision != "medium")
    args.fail(0, "\"highest\", \"high\" or \"medium\"");  // LibTorch only warns, and dies of a very long word
  at::globalContext().setFloat32MatmulPrecision(precision);
  return args.undefined();
}

/** (on) => whether this processor can */
napi_value setFlushDenormal(Arguments& args) {
  return args.from(at::Context::setFlushDenormal(args.boolean(0)));
}

napi_value numInteropThreads(Arguments& args) {
  return args.from(static_cast<int64_t>(at::get_num_interop_threads()));
}

napi_value setNumInteropThreads(Arguments& args) {
  int64_t count = args.integer(0);
  if (count < 1 || count > 4096) args.failValue(0, "expected a number of threads from 1 to 4096");
  at::set_num_interop_threads(static_cast<int>(count));
  return args.undefined();
}

napi_value isAutocastEnabled(Arguments& args) {
  return args.from(at::autocast::is_autocast_enabled(args.device(0).type()));
}

napi_value setAutocastEnabled(Arguments& args) {
  at::autocast::set_autocast_enabled(args.device(0).type(), args.boolean(1));
  return args.undefined();
}

napi_value autocastDtype(Arguments& args) {
  return args.from(std::string(dtypeName(at::autocast::get_autocast_dtype(args.device(0).type()))));
}

napi_value setAutocastDtype(Arguments& args) {
  at::autocast::set_autocast_dtype(args.device(0).type(), args.dtype(1));
  return args.undefined();
}

/** (entering) => how many autocasts are within each other; the outermost one's end drops the casts that were
 * kept */
napi_value nestAutocast(Arguments& args) {
  if (args.boolean(0)) return args.from(int64_t{at::autocast::increment_nesting()});
  int depth = at::autocast::decrement_nesting();
  if (depth < 0) depth = at::autocast::increment_nesting();
  if (depth == 0) at::autocast::clear_cache();
  return args.from(int64_t{depth});
}

napi_value clearAutocastCache(Arguments& args) {
  at::autocast::clear_cache();
  return args.undefined();
}

}  // namespace

const std::vector<Export> settingExports = {
    {"getSwitch", getSwitch, {"name"}},
    {"setSwitch", setSwitch, {"name", "on"}},
    {"deterministicMode", deterministicMode, {}},
    {"setDeterministicMode", setDeterministicMode, {"mode"}},
    {"float32MatmulPrecision", float32MatmulPrecision, {}},
    {"setFloat32MatmulPrecision", setFloat32MatmulPrecision, {"precision"}},
    {"setFlushDenormal", setFlushDenormal, {"on"}},
    {"numInteropThreads", numInteropThreads, {}},
    {"setNumInteropThreads", setNumInteropThreads, {"count"}},
    {"isAutocastEnabled", isAutocastEnabled, {"device"}},
    {"setAutocastEnabled", setAutocastEnabled, {"device", "enabled"}},
    {"autocastDtype", autocastDtype, {"device"}},
    {"setAutocastDtype", setAutocastDtype, {"device", "dtype"}},
    {"nestAutocast", nestAutocast, {"entering"}},
    {"clearAutocastCache", clearAutocastCache, {}},
};
