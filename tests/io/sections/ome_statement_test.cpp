#include "io/sections/ome_statement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cleft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const DescribedFile file{
    .name = "s.tif", .samples = 1, .height = 16, .width = 20, .x_resolution = 250, .y_resolution = 200};

StackStatement read(const std::string& text, const DescribedFile& described = file) {
  if (const auto stack = read_ome_xml(text, described)) return *stack;
  StackStatement none;
  none.program = "none";
  return none;
}

std::string ome(const std::string& pixels, const std::string& inside = "") {
  return R"(<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">)"
         "<Pixels " +
         pixels + ">" + inside + "</Pixels></Image></OME>";
}

TEST(OmeStatement, TheOrderOfDimensionsIsTheFastestFirst) {
  const auto stack = read(ome(R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="2" SizeT="1")"));
  EXPECT_EQ(stack.program, "OME");
  EXPECT_THAT(stack.places, ElementsAre(PagePlace{0, 0, 0}, PagePlace{1, 0, 0}, PagePlace{2, 0, 0},
                                        PagePlace{0, 1, 0}, PagePlace{1, 1, 0}, PagePlace{2, 1, 0}));
  EXPECT_EQ(read(ome(R"(DimensionOrder="XYCZT" SizeZ="3" SizeC="2" SizeT="1")")).places[1],
            (PagePlace{0, 1, 0}));
  EXPECT_EQ(read(ome(R"(DimensionOrder="XYTZC" SizeZ="3" SizeC="2" SizeT="2")")).places[1],
            (PagePlace{0, 0, 1}));
}

TEST(OmeStatement, TiffDataMayPutPagesElsewhere) {
  const auto stack = read(ome(R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="1" SizeT="1")",
                              R"(<TiffData IFD="0" FirstZ="2" PlaneCount="1"/><TiffData IFD="1" FirstZ="1"/>)"
                              R"(<TiffData IFD="2" FirstZ="0"/>)"));
  EXPECT_THAT(stack.places, ElementsAre(PagePlace{2, 0, 0}, PagePlace{1, 0, 0}, PagePlace{0, 0, 0}));
  EXPECT_EQ(read(ome(R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="1" SizeT="1")", "<TiffData/>")).places.size(),
            3U);
  EXPECT_THAT(read(ome(R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="1" SizeT="1")",
                       R"(<TiffData IFD="0"/><TiffData IFD="0" FirstZ="1"/>)"))
                  .unclear,
              HasSubstr("puts page 1 at two places"));
  EXPECT_THAT(read(ome(R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="1" SizeT="1")",
                       R"(<TiffData IFD="0" FirstZ="7"/>)"))
                  .unclear,
              HasSubstr("does not have"));
}

TEST(OmeStatement, PlanesInSeveralFilesAreToldByName) {
  const std::string planes =
      R"(<TiffData IFD="0" FirstZ="0"><UUID FileName="other.tif">urn:1</UUID></TiffData>)"
      R"(<TiffData IFD="0" FirstZ="1"><UUID FileName="s.tif">urn:2</UUID></TiffData>)";
  const std::string text = ome(R"(DimensionOrder="XYZCT" SizeZ="2" SizeC="1" SizeT="1")", planes);
  const auto stack = read(text);
  EXPECT_TRUE(stack.partial);
  EXPECT_THAT(stack.places, ElementsAre(PagePlace{1, 0, 0}));
  DescribedFile renamed = file;
  renamed.name = "renamed.tif";
  EXPECT_THAT(read(text, renamed).unclear, HasSubstr("under other names"));
}

TEST(OmeStatement, PhysicalSizesHaveUnits) {
  const auto size =
      read(ome(R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="1" SizeT="1" PhysicalSizeX="0.004" )"
               R"(PhysicalSizeY="5" PhysicalSizeYUnit="nm" PhysicalSizeZ="400" PhysicalSizeZUnit="&#197;")"))
          .voxel_size;
  EXPECT_DOUBLE_EQ(size.x.value(), 4);
  EXPECT_DOUBLE_EQ(size.y.value(), 5);
  EXPECT_DOUBLE_EQ(size.z.value(), 40);
  EXPECT_FALSE(read(ome(R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="1" SizeT="1" PhysicalSizeX="2" )"
                        R"(PhysicalSizeXUnit="pixel" PhysicalSizeY="-1")"))
                   .voxel_size.any());
}

TEST(OmeStatement, ColoursOfOnePageAreOneChannel) {
  DescribedFile colours = file;
  colours.samples = 3;
  const auto stack = read(ome(R"(DimensionOrder="XYCZT" SizeZ="2" SizeC="3" SizeT="1")",
                              R"(<Channel ID="Channel:0:0" SamplesPerPixel="3"/>)"),
                          colours);
  EXPECT_EQ(stack.places.size(), 2U);
}

TEST(OmeStatement, WhatCannotBeFollowedIsUnclear) {
  EXPECT_THAT(read("<OME><Image><Pixels SizeZ='1'/></Image><Image><Pixels/></Image></OME>").unclear,
              HasSubstr("holds 2 images"));
  EXPECT_THAT(read("<OME><BinaryOnly MetadataFile=\"set.companion.ome\" UUID=\"u\"/></OME>").unclear,
              HasSubstr("'set.companion.ome'"));
  EXPECT_THAT(read(ome(R"(DimensionOrder="XYZC" SizeZ="3" SizeC="1" SizeT="1")")).unclear,
              HasSubstr("order"));
  EXPECT_THAT(read(ome(R"(DimensionOrder="XYZCT" SizeZ="0" SizeC="1" SizeT="1")")).unclear,
              HasSubstr("sizes"));
  EXPECT_THAT(read(ome(R"(DimensionOrder="XYZCT" SizeZ="999999" SizeC="999999" SizeT="99")")).unclear,
              HasSubstr("sizes"));
}

TEST(OmeStatement, DamagedXmlNeverCrashes) {
  const std::string whole =
      ome(R"(DimensionOrder="XYZCT" SizeZ="3" SizeC="1" SizeT="1")",
          R"(<TiffData IFD="0"><UUID FileName="s.tif">u</UUID></TiffData><!-- a > b -->)");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    read_ome_xml(whole.substr(0, length), file);
    std::string changed = whole;
    changed[length] = '<';
    read_ome_xml(changed, file);
    changed[length] = '"';
    read_ome_xml(changed, file);
  }
}

}  // namespace
}  // namespace cleft
