#include "callbacks.h"

#include <c10/core/AutogradState.h>
#include <c10/core/DeviceType.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include "addon.h"
#include "convert.h"

void Mailbox::post(std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    posted_.push_back(std::move(work));
  }
  changed_.notify_one();
}

void Mailbox::work() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !posted_.empty(); });
  auto work = std::move(posted_.front());
  posted_.pop_front();
  lock.unlock();
  work();
}

HomeThread::HomeThread(Addon& addon) : addon(&addon), blobs(addon.blobs), id_(std::this_thread::get_id()) {}

void HomeThread::runBackward(const std::function<void()>& work) {
  // The CPU's part of a graph runs on the thread that calls: no callback comes from elsewhere.
  if (callbacks == 0 || deviceCount(c10::kCUDA) == 0) return work();
  std::exception_ptr error;
  bool done = false;
  auto job = [&, state = c10::AutogradState::get_tls_state(),
              keys = c10::impl::tls_local_dispatch_key_set()] {
    const auto ownState = c10::AutogradState::get_tls_state();
    const auto ownKeys = c10::impl::tls_local_dispatch_key_set();
    c10::AutogradState::set_tls_state(state);
    c10::impl::_force_tls_local_dispatch_key_set(keys);
    try {
      work();
    } catch (...) {
      error = std::current_exception();
    }
    c10::AutogradState::set_tls_state(ownState);
    c10::impl::_force_tls_local_dispatch_key_set(ownKeys);
    mailbox_.post([&done] { done = true; });
  };
  const bool served = std::exchange(serves_, true);
  // A thread of LibTorch's that waits for its callback is the only one that may go on with its device's work.
  std::thread other;
  if (waiting_.empty())
    other = std::thread(job);
  else
    waiting_.back()->post(job);
  while (!done) mailbox_.work();
  if (other.joinable()) other.join();
  serves_ = served;
  if (error) std::rethrow_exception(error);
}

void HomeThread::callHere(const std::function<void()>& work) {
  if (isHere()) return work();
  if (!serves_)
    throw TorchError(
        "ERR_INVALID_STATE", "", "",
        "a hook or a custom function was reached on another thread than the one that waits for it");
  Mailbox own;
  std::exception_ptr error;
  bool done = false;
  mailbox_.post([&] {
    waiting_.push_back(&own);
    try {
      work();
    } catch (...) {
      error = std::current_exception();
    }
    waiting_.pop_back();
    own.post([&done] { done = true; });
  });
  while (!done) own.work();
  if (error) std::rethrow_exception(error);
}

std::shared_ptr<Callback> Callback::from(const Arguments& args, size_t i) {
  napi_value function = args.function(i);
  args.addon.blobs->deleteDropped(args.env);
  napi_ref reference;
  check(napi_create_reference(args.env, function, 1, &reference));
  return std::make_shared<Callback>(args.addon.home, reference);
}

std::shared_ptr<Callback> Callback::optional(const Arguments& args, size_t i) {
  return args.isNull(i) ? nullptr : from(args, i);
}

Callback::Callback(std::shared_ptr<HomeThread> home, napi_ref function)
    : home_(std::move(home)), function_(function) {
  ++home_->callbacks;
}

Callback::~Callback() {
  --home_->callbacks;
  home_->blobs->drop(function_);
}

namespace {

struct HandleScope {
  explicit HandleScope(napi_env env) : env(env) { check(napi_open_handle_scope(env, &scope)); }
  ~HandleScope() { napi_close_handle_scope(env, scope); }
  napi_env env;
  napi_handle_scope scope;
};

/** Notes what has hooks that run. */
struct Busy {
  Busy(Addon& addon, const void* owner) : addon(addon) { addon.busy.push_back(owner); }
  ~Busy() { addon.busy.pop_back(); }
  Addon& addon;
};

}  // namespace

void Callback::call(const Give& give, const Take& take, const void* owner) const {
  home_->callHere([&] {
    if (home_->addon == nullptr)
      throw TorchError("ERR_INVALID_STATE", "", "", "the environment of a hook or custom function has ended");
    Addon& addon = *home_->addon;
    napi_env env = addon.env;
    HandleScope scope(env);
    Busy busy(addon, owner);
    static constexpr const char* names[] = {"result"};
    Arguments values(addon, "callback", names, 1, 0, nullptr);
    std::vector<napi_value> given = give(values);
    napi_value function, global, result;
    check(napi_get_reference_value(env, function_, &function));
    check(napi_get_global(env, &global));
    if (napi_call_function(env, global, function, given.size(), given.data(), &result) != napi_ok)
      throw ThrownValue(addon);
    take(Arguments(addon, "callback", names, 1, 1, &result));
  });
}

ThrownValue::ThrownValue(Addon& addon) {
  bool isPending = false;
  napi_value value;
  napi_ref reference;
  if (napi_is_exception_pending(addon.env, &isPending) != napi_ok || !isPending) throw PendingException();
  if (napi_get_and_clear_last_exception(addon.env, &value) != napi_ok ||
      napi_create_reference(addon.env, value, 1, &reference) != napi_ok)
    throw PendingException();
  value_ = std::make_shared<Callback>(addon.home, reference);
}

void ThrownValue::throwAgain(napi_env env) const {
  napi_value value;
  if (napi_get_reference_value(env, value_->function_, &value) == napi_ok) napi_throw(env, value);
}
