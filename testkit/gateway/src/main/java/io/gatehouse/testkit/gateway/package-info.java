/** The gateway as it is shipped, as a process beside a JUnit test, with a broker, an operator and a license issuer of its own. */
@NullMarked
package io.gatehouse.testkit.gateway;

import org.jspecify.annotations.NullMarked;
