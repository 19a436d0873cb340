#include "pipeline/report/report.hpp"

#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "base/narrow.hpp"
#include "base/printable.hpp"
#include "base/text/counted.hpp"
#include "base/version.hpp"
#include "parallel/agree.hpp"
#include "pipeline/report/overview_facts.hpp"
#include "pipeline/report/report_input.hpp"
#include "pipeline/report/report_objects.hpp"
#include "pipeline/report/thumbnail.hpp"
#include "report/chosen.hpp"
#include "report/files/report_folder.hpp"
#include "report/page.hpp"
#include "report/page_assets.hpp"

namespace cleft {
namespace {

using nlohmann::json;

/// All that decides a report's content, but for the numbers of seconds and bytes in run.json.
json made_from(const FinishedRun& run) {
  const ReportOptions& options = run.config.report;
  return {{"table", run.table_checksum},
          {"cleft", source_revision()},
          {"page", page_assets().size()},
          {"max_objects", options.max_objects},
          {"choose", to_string(options.choose)},
          {"seed", options.seed},
          {"sections", options.sections},
          {"margin_nm", options.margin_nm},
          {"picture_quality", options.picture_quality},
          {"surfaces", options.surfaces},
          {"triangles", options.triangles}};
}

/// Makes the folder on rank 0, which has the run directory to itself by then. Collective.
/// \returns Its name, on every rank.
std::filesystem::path make_folder(const Communicator& comm, const std::filesystem::path& folder,
                                  std::optional<UnpublishedFolder>& made) {
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    check_may_replace_report(folder);
    made.emplace(folder);
  });
  return comm.broadcast(made ? made->written().string() : std::string());
}

/// Everything but the objects' files. For rank 0.
void write_page(const FinishedRun& run, const Chosen& chosen, const ReportedObjects& objects,
                const Thumbnail& thumbnail, const std::filesystem::path& folder) {
  PageRun page = page_run(run);
  if (objects.sampled > 0)
    page.surfaces_why = counted(objects.sampled, "object") +
                        " of more than 16 million voxels in its box: its surface "
                        "is made of larger ones";
  OverviewFacts facts = overview_facts(run);
  facts.thumbnail = thumbnail;
  const std::string overview = overview_html(facts, run.table, chosen);
  write_report_file(folder / "data/table.js", table_script(page, run.table, chosen));
  write_report_file(folder / "data/scene.js",
                    scene_script(objects.scene, volume_begin_nm(run), volume_end_nm(run)));
  write_report_file(folder / "report.css", page_style(page_assets()));
  for (const PageAsset& asset : page_assets())
    if (asset.name != "report.html" && asset.name != "report.css")
      write_report_file(folder / asset.name, asset.bytes);
  write_report_file(folder / "index.html",
                    index_html(page, overview, run.table, objects.figures, page_assets()));
  write_report_file(folder / report_mark, report_mark_text(made_from(run)));
}

bool is_there_already(const Communicator& comm, const FinishedRun& run, const std::filesystem::path& folder) {
  bool there = false;
  all_or_throw(comm, [&] { there = comm.is_root() && report_made_from(folder) == made_from(run); });
  return comm.broadcast(there);
}

}  // namespace

void write_report(const Communicator& comm, const Config& config, OtherInput other, ReportAgain again,
                  std::chrono::milliseconds patience) {
  const FinishedRun run = open_finished_run(comm, config, other);
  const auto folder = run.files.report, index = folder / "index.html";
  if (again == ReportAgain::no && is_there_already(comm, run, folder)) {
    log::info("report: done already ({})", index.string());
    return;
  }
  const Chosen chosen = choose_objects(run.table, config.report);
  // Of two processes that write a report the later one would take the other's folder.
  std::optional<RunLock> lock;
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    lock.emplace(run.files, patience);
    check_is_same_run(run);
  });
  std::optional<UnpublishedFolder> made;
  const auto written = make_folder(comm, folder, made);
  Contrast contrast;
  all_or_throw(comm, [&] {
    if (comm.is_root()) contrast = contrast_of_volume(run.volume.path);
  });
  contrast = comm.broadcast(contrast);
  const ReportedObjects objects = report_objects(comm, run, chosen, contrast, written);
  const Thumbnail thumbnail = write_thumbnail(comm, run, contrast, written / "pictures/overview.jpg");
  all_or_throw(comm, [&] {
    if (!comm.is_root()) return;
    write_page(run, chosen, objects, thumbnail, written);
    check_is_same_run(run);  // not every file system has locks
    made->publish();
  });
  const auto count = narrow<std::int64_t>(chosen.rows.size());
  log::info("report: pictures of {}, {:.1f} kB each", chosen.why,
            count > 0 ? narrow<double>(objects.bytes) / 1e3 / narrow<double>(count) : 0.0);
  if (comm.is_root()) fmt::print("report:   {}\n", printable(index.string()));
}

void run_report(const Communicator& comm, const std::filesystem::path& directory,
                std::span<const std::string> sets, OtherInput other) {
  write_report(comm, config_of_run(comm, directory, sets), other, ReportAgain::yes);
}

}  // namespace cleft
