// What becomes of the tensors that autograd saves: JavaScript functions that pack and unpack them.
#include <dlfcn.h>
#include <link.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/saved_variable_hooks.h>

#include <cstring>
#include <mutex>

#include "graph.h"

struct SavedHooks {
  std::vector<std::shared_ptr<Callback>> packs;
};

namespace {

using torch::autograd::SavedVariableHooks;

/** Whose functions this thread's tensors go through: LibTorch asks without saying for whom. */
thread_local Addon* saver = nullptr;

struct Packing {
  explicit Packing(Addon& addon) : addon(addon) { ++addon.packing; }
  ~Packing() { --addon.packing; }
  Addon& addon;
};

/** One saved tensor. */
struct JsSaved : SavedVariableHooks {
  explicit JsSaved(std::shared_ptr<Callback> pack) : pack(std::move(pack)) {}

  void call_pack_hook(const at::Tensor& tensor) override {
    const auto called = std::exchange(pack, nullptr);
    Packing packing(*saver);
    called->call([&](const Arguments& values) { return std::vector{values.adoptNew(tensor)}; },
                 [&](const Arguments& packed) { value = Callback::from(packed, 0); });
  }

  /** What was packed is a function without arguments that calls `unpack` with the value. */
  at::Tensor call_unpack_hook() override {
    at::Tensor result;
    value->call([](const Arguments&) { return std::vector<napi_value>(); },
                [&](const Arguments& returned) { result = returned.tensor(0); });
    return result;
  }

  std::shared_ptr<Callback> pack, value;
};

std::unique_ptr<SavedVariableHooks> hooksForTensor(torch::autograd::Engine*) {
  if (saver == nullptr || saver->packing > 0) return nullptr;
  return std::make_unique<JsSaved>(saver->savedHooks->packs.back());
}

/** LibTorch asks its engine for such hooks, and only Python's engine has any. The engine's table of virtual
 * functions is replaced by a copy with this one function exchanged: a subclass of Engine would have the table
 * of the version that this is built with, and others have more functions in it. Once a process; false where
 * the table is not as it is known. */
bool teachEngine() {
  using torch::autograd::Engine;
  constexpr size_t header = 2;  // the offset to the object's top, and its type
  constexpr size_t asked =
      5;  // after two destructors, execute, execute_with_graph_task and make_anomaly_metadata
  Engine& engine = Engine::get_default_engine();
  void** table = *reinterpret_cast<void***>(&engine);
  Dl_info info;
  ElfW(Sym)* symbol = nullptr;
  if (dladdr1(table, &info, reinterpret_cast<void**>(&symbol), RTLD_DL_SYMENT) == 0 || symbol == nullptr ||
      std::strcmp(info.dli_sname, "_ZTVN5torch8autograd6EngineE") != 0)
    return false;
  const size_t count = symbol->st_size / sizeof(void*);
  if (count <= header + asked || count > 64 ||
      table[3] !=
          dlsym(RTLD_DEFAULT,
                "_ZN5torch8autograd6Engine23execute_with_graph_taskERKSt10shared_ptrINS0_"
                "9GraphTaskEEN3c1013intrusive_ptr"
                "INS0_4NodeENS7_6detail34intrusive_target_default_null_typeIS9_EEEEONS0_11InputBufferE"))
    return false;
  using Ask = std::unique_ptr<SavedVariableHooks> (*)(Engine*);
  if (reinterpret_cast<Ask>(table[asked])(&engine) != nullptr) return false;
  auto* copy = new void*[count];  // for the rest of the process
  std::memcpy(copy, table - header, count * sizeof(void*));
  copy[header + asked] = reinterpret_cast<void*>(static_cast<Ask>(hooksForTensor));
  *reinterpret_cast<void***>(&engine) = copy + header;
  return true;
}

/** (pack): until `popSavedHooks`, each tensor that autograd saves goes through `pack(tensor)`, which returns
 * a function that gives it back. Returns how deep that is. */
napi_value pushSavedHooks(Arguments& args) {
  static std::once_flag once;
  static bool isTaught = false;
  std::call_once(once, [] { isTaught = teachEngine(); });
  if (!isTaught)
    throw TorchError("ERR_NOT_IMPLEMENTED", "", "", "this LibTorch's engine asks for no saved tensor hooks");
  auto pack = Callback::from(args, 0);
  auto& hooks = args.addon.savedHooks;
  if (!hooks) hooks = std::make_shared<SavedHooks>();
  hooks->packs.push_back(std::move(pack));
  saver = &args.addon;
  return args.from(static_cast<int64_t>(hooks->packs.size()));
}

/** (depth): takes away the pair entered at that depth; those within it must have gone. */
napi_value popSavedHooks(Arguments& args) {
  auto& hooks = args.addon.savedHooks;
  const uint32_t depth = args.index(0);
  if (!hooks || depth == 0 || depth != hooks->packs.size())
    args.failValue(0, "saved tensor hooks must be left in the reverse order of entering",
                   "ERR_INVALID_STATE");
  hooks->packs.pop_back();
  if (hooks->packs.empty()) saver = nullptr;
  return args.undefined();
}

}  // namespace

void leaveSavedHooks(Addon& addon) {
  addon.savedHooks = nullptr;
  if (saver == &addon) saver = nullptr;
}

const std::vector<Export> savedExports = {
    {"pushSavedHooks", pushSavedHooks, {"pack"}},
    {"popSavedHooks", popSavedHooks, {"depth"}},
};
