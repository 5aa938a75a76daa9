package io.gatehouse.dispatch;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A resource that remembers what it was told. */
final class ToldResource implements DesiredResource {
    final List<List<Desired>> told = new ArrayList<>();

    static ToldResource at(Gateway gateway, String name) {
        ToldResource resource = new ToldResource();
        gateway.dispatcher.addResource(resource, Map.of("gatehouse.resource", name));
        return resource;
    }

    @Override
    public void desired(List<Desired> all) {
        told.add(all);
    }

    List<Desired> last() {
        return told.get(told.size() - 1);
    }

    List<String> lastTopics() {
        return last().stream().map(Desired::topic).toList();
    }
}
