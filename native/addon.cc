// The export table, and the life of an environment's state.
#include "addon.h"

#include "allocator.h"
#include "convert.h"

void leaveHooks(napi_env env);

namespace {

/** What a JavaScript function object carries: which native function it is, and for which environment. */
struct Bound {
  Addon* addon;
  const Export* entry;
};

/** `few`: as many as are usually given. What is not given is filled with undefined, which takes its time. */
template <size_t few>
napi_value invoke(napi_env env, napi_callback_info info) {
  napi_value values[Arguments::most];
  size_t given = few;
  void* data;
  if (napi_get_cb_info(env, info, &given, values, nullptr, &data) != napi_ok) return nullptr;
  if (given > few) {
    given = Arguments::most;
    if (napi_get_cb_info(env, info, &given, values, nullptr, nullptr) != napi_ok) return nullptr;
  }
  const Bound& bound = *static_cast<Bound*>(data);
  const Export& entry = *bound.entry;
  try {
    Arguments args(*bound.addon, entry.name, entry.arguments.data(), entry.arguments.size(),
                   std::min(given, Arguments::most), values);
    return entry.function(args);
  } catch (...) {
    throwToJs(*bound.addon, std::current_exception(), entry.name);
    return nullptr;
  }
}

void replaceReference(napi_env env, napi_ref& reference, napi_value function) {
  napi_ref created;
  check(napi_create_reference(env, function, 1, &created));
  if (reference != nullptr) napi_delete_reference(env, reference);
  reference = created;
}

/** Gives the addon what it makes JavaScript's errors and Tensors with, and what is wrong with CUDA. */
napi_value initialize(Arguments& args) {
  Addon& addon = args.addon;
  napi_value errorFactory = args.function(0), tensorFactory = args.function(1),
             youngCollector = args.function(2);
  addon.cudaProblem = args.isNull(3) ? "" : args.text(3);
  replaceReference(args.env, addon.errorFactory, errorFactory);
  replaceReference(args.env, addon.tensorFactory, tensorFactory);
  replaceReference(args.env, addon.youngCollector, youngCollector);
  return args.undefined();
}

const std::vector<Export> ownExports = {
    {"initialize", initialize, {"errorFactory", "tensorFactory", "youngCollector", "cudaProblem"}}};

void defineAll(Addon& addon, napi_value exports, const std::vector<Export>& table) {
  for (const Export& entry : table) {
    napi_value function;
    // Lives as long as the function, which lives as long as the environment.
    auto* bound = new Bound{&addon, &entry};
    check(napi_create_function(addon.env, entry.name, NAPI_AUTO_LENGTH,
                               entry.arguments.size() > 1 ? invoke<10> : invoke<1>, bound, &function));
    check(napi_add_finalizer(
        addon.env, function, bound, [](napi_env, void* data, void*) { delete static_cast<Bound*>(data); },
        nullptr, nullptr));
    check(napi_set_named_property(addon.env, exports, entry.name, function));
  }
}

/** The environment ends: tensors go now; the state itself goes with the last JavaScript object that points to
 * it. */
void close(void* data) {
  Addon* addon = static_cast<Addon*>(data);
  addon->closing = true;
  addon->handles.releaseAll(*addon);
  while (!addon->inferenceModes.empty()) addon->inferenceModes.pop_back();
  leaveTransforms(*addon);
  leaveSavedHooks(*addon);
  leaveAnomaly(*addon);
  leaveHooks(addon->env);
  addon->nodes = nullptr;
  addon->home->addon = nullptr;
  if (addon->holders == 0) delete addon;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1() {
  return NAPI_VERSION_EXPERIMENTAL;  // for finalizers that run within the garbage collection itself
}

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env,
                                                                                     napi_value exports) {
  auto addon = std::make_unique<Addon>(env);
  try {
    installAllocator();
    for (const auto* table :
         {&ownExports, &operatorExports, &tensorExports, &autogradExports, &randomExports, &deviceExports,
          &fileExports, &graphExports, &functionExports, &savedExports, &anomalyExports, &transformExports,
          &settingExports, &imageExports, &colourExports})
      defineAll(*addon, exports, *table);
    check(napi_add_env_cleanup_hook(env, close, addon.get()));
  } catch (...) {
    throwToJs(*addon, std::current_exception());
    return exports;
  }
  addon.release();
  return exports;
}
