/**
 * Starts the framework with what the committed document says, and carries out changes of it. It uses the framework's API
 * alone, so that every bundle, also the one that decides on changes, can be replaced and be put back.
 */
@NullMarked
package io.gatehouse.launcher;

import org.jspecify.annotations.NullMarked;
