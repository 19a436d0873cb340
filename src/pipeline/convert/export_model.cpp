#include "pipeline/convert/export_model.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files/output_folder.hpp"
#include "base/files/replace.hpp"
#include "base/log.hpp"
#include "forest/files/model_file.hpp"
#include "ilastik/export.hpp"
#include "ilastik/labels.hpp"
#include "ilastik/project.hpp"
#include "parallel/agree.hpp"

namespace cleft {
namespace {

/// Neither what is read nor a file of another kind is ever replaced: a project may hold weeks of labelling.
void check_target(const ExportModelJob& job, bool writes_model) {
  check_output_folder(job.to);
  const std::string to = job.to.string();
  if (!std::filesystem::exists(job.to)) return;
  for (const auto& read : {std::optional(job.from), job.project})
    if (read && std::filesystem::exists(*read) && std::filesystem::equivalent(*read, job.to))
      throw InputError({to, "is what is read itself", "another name for what is written"});
  check_may_replace(job.to, job.force);
  if (writes_model)
    check_replaces_only(job.to, "model", is_model_file);
  else
    check_replaces_only(job.to, "project of ilastik", is_ilastik_project);
}

void project_to_model(const ExportModelJob& job) {
  if (job.project)
    throw InputError({"--project", "is given, but " + job.from.string() + " is a project itself",
                      "--project only to write a model into a project"});
  const IlastikProject project = read_ilastik_project(job.from);
  if (project.stages.size() > 1)
    throw InputError({job.from.string(),
                      "is an autocontext project: two forests, the second on the first's answers",
                      "a project of pixel classification; 'cleft detect' runs this one as it is"});
  Model model = model_of_stage(project, 0, job.dialect, std::nullopt);
  for (std::size_t image = 0; image < project.images.size(); ++image) {
    const auto counts = count_project_labels(project, image).by_class;
    for (std::size_t c = 0; c < counts.size() && c < model.classes.size(); ++c)
      model.summary.label_counts[c] += counts[c];
  }
  write_model(job.to, model);
}

void model_to_project(const ExportModelJob& job) {
  if (!job.project)
    throw InputError(
        {"--project", "not given", "the ilastik project that " + job.to.string() + " becomes a copy of"});
  const Model model = read_model(job.from);
  export_model_to_project(model, *job.project, job.to);
  if (model.features.dialect == FilterDialect::ilastik_1_2)
    log::warning("{}: the model's features are those of ilastik 1.2; an ilastik since 1.3 predicts otherwise",
                 job.to.string());
}

}  // namespace

void run_export_model(const Communicator& comm, const ExportModelJob& job) {
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    const bool from_model = is_model_file(job.from);
    check_target(job, !from_model);
    if (from_model)
      model_to_project(job);
    else
      project_to_model(job);
    log::info("{}: written", job.to.string());
  });
}

}  // namespace cleft
