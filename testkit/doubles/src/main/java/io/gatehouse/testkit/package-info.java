/** What stands in for the gateway's services in a unit test. */
@NullMarked
package io.gatehouse.testkit;

import org.jspecify.annotations.NullMarked;
