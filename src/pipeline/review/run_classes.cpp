#include "pipeline/review/run_classes.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "config/resolve.hpp"
#include "parallel/agree.hpp"
#include "parallel/serialize.hpp"
#include "pipeline/run/classifier.hpp"

namespace cleft {
namespace {

using Json = nlohmann::json;

std::vector<std::string> classes_of_model(const FinishedRun& run, const std::string& fingerprint) {
  Config config = run.config;
  config.predict.classes = StoredClasses::all;  // the whole forest, by whose content models are told apart
  try {
    const Classifier classifier = load_classifier(config, run.volume);
    if (fingerprint.empty() || classifier.fingerprint() == fingerprint) return classifier.classes();
  } catch (const Error& error) {
    throw ConfigError(
        {config.subject("classes"),
         fmt::format("not given, and the model, which has them, cannot be read ({})", error.what()),
         "the classes that the model was trained on (--set classes=[...])"});
  }
  throw ConfigError({config.subject("classes"),
                     fmt::format("not given, and {} is another model by now than the run was made with",
                                 model_path(config).string()),
                     "the classes that the model was trained on (--set classes=[...])"});
}

std::vector<std::string> classes_on_root(const FinishedRun& run) {
  if (run.config.states("classes")) return run.config.classes;
  const Json none = Json::object();
  const Json& recipe = run.recipe.contains("probability") ? run.recipe["probability"] : none;
  const auto stored = recipe.value("classes", std::vector<std::string>{});
  return stored.size() > 1 ? stored : classes_of_model(run, recipe.value("model", std::string{}));
}

}  // namespace

std::vector<std::string> classes_of_run(const Communicator& comm, const FinishedRun& run) {
  std::vector<std::string> classes;
  all_or_throw(comm, [&] {
    if (comm.is_root()) classes = classes_on_root(run);
  });
  return broadcast_archive(comm, std::move(classes));
}

}  // namespace cleft
