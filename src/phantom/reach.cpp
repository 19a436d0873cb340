#include "phantom/reach.hpp"

// Highway compiles this file once per SIMD target.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "phantom/reach.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "base/narrow.hpp"

HWY_BEFORE_NAMESPACE();
namespace cleft::phantom::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Multiplications and additions stay apart (no fused ones), so that targets with and without them agree.
ReachLanes nearest_segments(std::span<const NearSegment> segments, const PlaceLanes& places) {
  const hn::CappedTag<float, lane_count> d;
  ReachLanes out;
  for (std::size_t lane = 0; lane < lane_count; lane += hn::Lanes(d)) {
    const auto pz = hn::Load(d, &places.z[lane]), py = hn::Load(d, &places.y[lane]),
               px = hn::Load(d, &places.x[lane]);
    const auto zero = hn::Zero(d), one = hn::Set(d, 1.0F);
    auto best = hn::Set(d, 1e30F), best_z = zero, best_y = zero, best_x = zero, best_segment = zero;
    auto number = zero;
    for (const NearSegment& s : segments) {
      const auto rz = pz - hn::Set(d, s.from_z), ry = py - hn::Set(d, s.from_y),
                 rx = px - hn::Set(d, s.from_x);
      const auto az = hn::Set(d, s.along_z), ay = hn::Set(d, s.along_y), ax = hn::Set(d, s.along_x);
      const auto t =
          hn::Max(zero, hn::Min(one, (rz * az + ry * ay + rx * ax) * hn::Set(d, s.inverse_square)));
      const auto qz = rz - t * az, qy = ry - t * ay, qx = rx - t * ax;
      const auto distance =
          hn::Sqrt(qz * qz + qy * qy + qx * qx) - hn::Set(d, s.radius) - t * hn::Set(d, s.growth);
      const auto closer = distance < best;
      best = hn::IfThenElse(closer, distance, best);
      best_z = hn::IfThenElse(closer, qz, best_z);
      best_y = hn::IfThenElse(closer, qy, best_y);
      best_x = hn::IfThenElse(closer, qx, best_x);
      best_segment = hn::IfThenElse(closer, number, best_segment);
      number = number + one;
    }
    hn::Store(best, d, &out.distance[lane]);
    hn::Store(best_z, d, &out.z[lane]);
    hn::Store(best_y, d, &out.y[lane]);
    hn::Store(best_x, d, &out.x[lane]);
    hn::Store(best_segment, d, &out.segment[lane]);
  }
  return out;
}

}  // namespace cleft::phantom::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace cleft::phantom {

HWY_EXPORT(nearest_segments);

ReachLanes nearest_segments(std::span<const NearSegment> segments, const PlaceLanes& places) {
  return HWY_DYNAMIC_DISPATCH(nearest_segments)(segments, places);
}

NearSegment::NearSegment(const Segment& segment, const Vector& middle)
    : from_z(static_cast<float>(segment.from.z - middle.z)),
      from_y(static_cast<float>(segment.from.y - middle.y)),
      from_x(static_cast<float>(segment.from.x - middle.x)),
      along_z(static_cast<float>(segment.along.z)),
      along_y(static_cast<float>(segment.along.y)),
      along_x(static_cast<float>(segment.along.x)),
      inverse_square(static_cast<float>(segment.inverse_square)),
      radius(static_cast<float>(segment.radius)),
      growth(static_cast<float>(segment.growth)) {}

}  // namespace cleft::phantom
#endif
