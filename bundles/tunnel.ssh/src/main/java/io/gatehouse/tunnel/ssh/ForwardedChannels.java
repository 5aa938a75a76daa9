package io.gatehouse.tunnel.ssh;

import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.Session;

/** The only kind of channel that a relay may open. */
final class ForwardedChannels implements ChannelFactory {
    @Override
    public String getName() {
        return "forwarded-tcpip";
    }

    @Override
    public Channel createChannel(Session session) {
        return new ForwardedChannel(session.getAttribute(Forward.KEY));
    }
}
