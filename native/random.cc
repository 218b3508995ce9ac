// Random numbers: the default generators and those of one's own.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include "addon.h"
#include "convert.h"

namespace {

/** Seeds the default generator of every device. */
napi_value manualSeed(Arguments& args) {
  at::manual_seed(static_cast<uint64_t>(args.integer(0)));
  return args.undefined();
}

/** (object, device): a generator that lives as long as the object. */
napi_value createGenerator(Arguments& args) {
  c10::Device device = args.availableDevice(1);
  at::Generator generator =
      device.is_cpu()
          ? at::detail::createCPUGenerator()
          : at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index());
  return args.adoptGenerator(args.raw(0), std::move(generator));
}

/** (object, device): the default generator of a device. */
napi_value defaultGenerator(Arguments& args) {
  return args.adoptGenerator(args.raw(0), at::globalContext().defaultGenerator(args.availableDevice(1)));
}

napi_value setSeed(Arguments& args) {
  at::Generator generator = args.generator(0);
  uint64_t seed = static_cast<uint64_t>(args.integer(1));
  std::lock_guard lock(generator.mutex());
  generator.set_current_seed(seed);
  return args.undefined();
}

napi_value randomSeed(Arguments& args) {
  at::Generator generator = args.generator(0);
  std::lock_guard lock(generator.mutex());
  return args.from(c10::Scalar(generator.seed()));
}

napi_value initialSeed(Arguments& args) { return args.from(c10::Scalar(args.generator(0).current_seed())); }

napi_value generatorState(Arguments& args) {
  at::Generator generator = args.generator(0);
  std::lock_guard lock(generator.mutex());
  return args.adoptNew(generator.get_state());
}

napi_value setGeneratorState(Arguments& args) {
  at::Generator generator = args.generator(0);
  std::lock_guard lock(generator.mutex());
  generator.set_state(args.tensor(1));
  return args.undefined();
}

}  // namespace

const std::vector<Export> randomExports = {
    {"manualSeed", manualSeed, {"seed"}},
    {"createGenerator", createGenerator, {"object", "device"}},
    {"defaultGenerator", defaultGenerator, {"object", "device"}},
    {"setSeed", setSeed, {"generator", "seed"}},
    {"randomSeed", randomSeed, {"generator"}},
    {"initialSeed", initialSeed, {"generator"}},
    {"generatorState", generatorState, {"generator"}},
    {"setGeneratorState", setGeneratorState, {"generator", "state"}},
};
