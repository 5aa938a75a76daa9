/** Opens reverse SSH tunnels. */
@NullMarked
package io.gatehouse.tunnel.ssh;

import org.jspecify.annotations.NullMarked;
