/** Commands about the machine's files, where they are permitted. */
@NullMarked
package io.gatehouse.tasks.files;

import org.jspecify.annotations.NullMarked;
