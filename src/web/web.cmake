# The report's page (src/web): with Node its script is made here and put into the program, with the page's frame and
# style. Without Node the program carries frame and style only, and a report is a page without surfaces and without
# judging.
set(CLEFT_WEB AUTO CACHE STRING
    "The report's page with its script: ON needs Node 18 and npm, AUTO takes them where they are, OFF")
set_property(CACHE CLEFT_WEB PROPERTY STRINGS AUTO ON OFF)
if(NOT CLEFT_WEB MATCHES "^(AUTO|ON|OFF)$")
  message(FATAL_ERROR "CLEFT_WEB is \"${CLEFT_WEB}\"; expected AUTO, ON or OFF")
endif()

set(web_sources ${CMAKE_CURRENT_SOURCE_DIR}/web)
set(CLEFT_WEB_BUILD ${CMAKE_BINARY_DIR}/web CACHE INTERNAL
    "Where the page is made; tests/web and tests/browser look there")
set(web_install "install Debian's packages nodejs and npm (tools/setup does), or configure with -DCLEFT_WEB=OFF")

# Sets `reason` to why the script cannot be made, or to nothing.
function(cleft_find_node reason)
  find_program(CLEFT_NODE NAMES node nodejs)
  find_program(CLEFT_NPM NAMES npm)
  set(${reason} "" PARENT_SCOPE)
  foreach(command IN ITEMS NODE NPM)
    if(NOT CLEFT_${command})
      string(TOLOWER ${command} name)
      set(${reason} "there is no command ${name}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  execute_process(COMMAND ${CLEFT_NODE} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT version MATCHES "^v([0-9]+)[0-9.]*$")
    set(${reason} "${CLEFT_NODE} does not say which version of Node it is" PARENT_SCOPE)
  elseif(CMAKE_MATCH_1 LESS 18)
    set(${reason} "${CLEFT_NODE} is Node ${version}, older than 18" PARENT_SCOPE)
  endif()
endfunction()

# Installs the packages of the lock file into the build folder, once for each state of that file.
function(cleft_install_packages reason)
  set(${reason} "" PARENT_SCOPE)
  file(SHA256 ${web_sources}/package-lock.json wanted)
  set(stamp ${CLEFT_WEB_BUILD}/installed)
  if(EXISTS ${stamp})
    file(READ ${stamp} installed)
    if(installed STREQUAL wanted)
      return()
    endif()
  endif()
  message(STATUS "The report's page: installing its packages (npm ci)")
  file(COPY ${web_sources}/package.json ${web_sources}/package-lock.json ${web_sources}/.npmrc
       DESTINATION ${CLEFT_WEB_BUILD})
  execute_process(COMMAND ${CLEFT_NPM} ci --ignore-scripts --prefer-offline --fetch-retries=1
                  WORKING_DIRECTORY ${CLEFT_WEB_BUILD} TIMEOUT 300
                  OUTPUT_FILE ${CLEFT_WEB_BUILD}/npm.log ERROR_FILE ${CLEFT_WEB_BUILD}/npm.log RESULT_VARIABLE failed)
  if(failed)
    set(${reason} "npm ci failed (${failed}; see ${CLEFT_WEB_BUILD}/npm.log)" PARENT_SCOPE)
  else()
    file(WRITE ${stamp} ${wanted})
  endif()
endfunction()

set(has_web FALSE)
if(CLEFT_WEB STREQUAL "OFF")
  message(STATUS "The report's page: without its script (CLEFT_WEB is OFF)")
else()
  cleft_find_node(web_missing)
  if(NOT web_missing)
    cleft_install_packages(web_missing)
  endif()
  if(NOT web_missing)
    set(has_web TRUE)
    message(STATUS "The report's page: with its script, made by ${CLEFT_NODE}")
  elseif(CLEFT_WEB STREQUAL "ON")
    message(FATAL_ERROR "CLEFT_WEB is ON, but ${web_missing}; ${web_install}")
  else()
    message(WARNING "Reports will have no surfaces and no judging: ${web_missing}; ${web_install}")
  endif()
endif()

set(CLEFT_HAS_WEB ${has_web} CACHE INTERNAL "Whether the page's script is made; tests/web and tests/browser ask")

set(web_files ${web_sources}/report.html ${web_sources}/report.css)
if(CLEFT_HAS_WEB)
  file(GLOB_RECURSE web_scripts CONFIGURE_DEPENDS ${web_sources}/*.ts)
  add_custom_command(OUTPUT ${CLEFT_WEB_BUILD}/report.js ${CLEFT_WEB_BUILD}/LICENCES.txt
                     COMMAND ${CLEFT_NODE} ${web_sources}/build.mjs ${CLEFT_WEB_BUILD}
                     DEPENDS ${web_scripts} ${web_sources}/build.mjs ${web_sources}/tsconfig.json
                             ${CLEFT_WEB_BUILD}/installed
                     COMMENT "Making the report's page" VERBATIM)
  list(APPEND web_files ${CLEFT_WEB_BUILD}/report.js ${CLEFT_WEB_BUILD}/LICENCES.txt)
endif()
list(JOIN web_files "|" web_files_in_one)
set(CLEFT_PAGE_ASSETS ${CLEFT_WEB_BUILD}/page_assets.cpp)
add_custom_command(OUTPUT ${CLEFT_PAGE_ASSETS}
                   COMMAND ${CMAKE_COMMAND} -DOUTPUT=${CLEFT_PAGE_ASSETS} -DFILES=${web_files_in_one}
                           -P ${web_sources}/embed.cmake
                   DEPENDS ${web_files} ${web_sources}/embed.cmake
                   COMMENT "Putting the report's page into C++" VERBATIM)
