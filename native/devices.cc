// Devices: what there is, waiting for it, its memory; and the threads of the CPU.
#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <bit>
#include <cstddef>

#include "addon.h"
#include "convert.h"

// What LibTorch exports as a function is called as one. Of its virtual functions only those are called that
// stand before any that one version has and another has not: this binary runs on several.

int deviceCount(c10::DeviceType type) {
  return at::accelerator::getAccelerator() == type ? at::accelerator::deviceCount() : 0;
}

namespace {

/** The device of argument i, which must be an accelerator that is there. */
c10::Device accelerator(Arguments& args, size_t i) {
  c10::Device device = args.availableDevice(i);
  if (device.is_cpu() || device.is_meta()) args.fail(i, "a GPU such as \"cuda\"");
  if (!device.has_index()) device.set_index(at::accelerator::getDeviceIndex());
  return device;
}

/** ("cuda") => how many there are; 0 where this LibTorch or this machine has none. */
napi_value deviceCount(Arguments& args) {
  c10::Device device = args.device(0);
  return args.from(int64_t{device.is_cpu() ? 1 : ::deviceCount(device.type())});
}

/** ("cuda") => whether LibTorch was built for it, with a device there or not. */
napi_value hasBackend(Arguments& args) {
  c10::Device device = args.device(0);
  return args.from(device.is_cpu() || c10::impl::hasDeviceGuardImpl(device.type()));
}

napi_value synchronize(Arguments& args) {
  c10::Device device = accelerator(args, 0);
  at::accelerator::synchronizeDevice(device.index());
  return args.undefined();
}

napi_value currentDevice(Arguments& args) {
  accelerator(args, 0);
  return args.from(static_cast<int64_t>(at::accelerator::getDeviceIndex()));
}

napi_value setCurrentDevice(Arguments& args) {
  c10::Device device = accelerator(args, 0);
  at::accelerator::setDeviceIndex(device.index());
  return args.undefined();
}

using c10::CachingAllocator::StatArray;

/** The beginning of c10's DeviceStats, which is the same in all versions, and room for whatever follows
 * there. */
struct StatsBeginning {
  StatArray allocation, segment, active, inactiveSplit, allocatedBytes, reservedBytes;
  char rest[8192];
  StatsBeginning() : rest{} {}
  ~StatsBeginning() {}  // not trivial, as that of DeviceStats: both are returned in memory of the caller's
};
static_assert(offsetof(c10::CachingDeviceAllocator::DeviceStats, reserved_bytes) ==
              offsetof(StatsBeginning, reservedBytes));
static_assert(sizeof(c10::CachingDeviceAllocator::DeviceStats) < sizeof(StatsBeginning) / 2);

StatsBeginning statsOf(c10::DeviceAllocator& allocator, c10::DeviceIndex index) {
  using Get = StatsBeginning (c10::DeviceAllocator::*)(c10::DeviceIndex);
  auto get = std::bit_cast<Get>(&c10::DeviceAllocator::getDeviceStats);
  return (allocator.*get)(index);
}

/** (device) => bytes in tensors and in LibTorch's cache, now and at most: { allocated, … } */
napi_value deviceMemory(Arguments& args) {
  c10::Device device = accelerator(args, 0);
  auto* allocator = at::getDeviceAllocator(device.type());
  c10::CachingAllocator::Stat allocated, reserved;
  if (allocator->initialized()) {
    auto stats = statsOf(*allocator, device.index());
    allocated = stats.allocatedBytes[0];  // 0: all pools together
    reserved = stats.reservedBytes[0];
  }
  napi_value result;
  check(napi_create_object(args.env, &result));
  check(napi_set_named_property(args.env, result, "allocated", args.from(allocated.current)));
  check(napi_set_named_property(args.env, result, "maxAllocated", args.from(allocated.peak)));
  check(napi_set_named_property(args.env, result, "reserved", args.from(reserved.current)));
  check(napi_set_named_property(args.env, result, "maxReserved", args.from(reserved.peak)));
  return result;
}

napi_value resetPeakMemory(Arguments& args) {
  c10::Device device = accelerator(args, 0);
  auto* allocator = at::getDeviceAllocator(device.type());
  if (allocator->initialized()) allocator->resetPeakStats(device.index());
  return args.undefined();
}

/** Gives cached blocks back to the device; nothing happens where there is none. */
napi_value emptyCache(Arguments& args) {
  c10::Device device = args.device(0);
  if (device.is_cpu() || !c10::impl::hasDeviceGuardImpl(device.type())) return args.undefined();
  auto* allocator = at::getDeviceAllocator(device.type());
  if (allocator->initialized()) allocator->emptyCache();
  return args.undefined();
}

napi_value numThreads(Arguments& args) { return args.from(static_cast<int64_t>(at::get_num_threads())); }

napi_value setNumThreads(Arguments& args) {
  int64_t count = args.integer(0);
  if (count < 1 || count > 4096) args.failValue(0, "expected a number of threads from 1 to 4096");
  at::set_num_threads(static_cast<int>(count));
  return args.undefined();
}

napi_value buildConfiguration(Arguments& args) { return args.from(at::show_config()); }

}  // namespace

const std::vector<Export> deviceExports = {
    {"deviceCount", deviceCount, {"device"}},
    {"hasBackend", hasBackend, {"device"}},
    {"synchronize", synchronize, {"device"}},
    {"currentDevice", currentDevice, {"device"}},
    {"setCurrentDevice", setCurrentDevice, {"device"}},
    {"deviceMemory", deviceMemory, {"device"}},
    {"resetPeakMemory", resetPeakMemory, {"device"}},
    {"emptyCache", emptyCache, {"device"}},
    {"numThreads", numThreads, {}},
    {"setNumThreads", setNumThreads, {"count"}},
    {"buildConfiguration", buildConfiguration, {}},
};
