using Cep.Language.Diagnostics;
using Cep.Patterns;
using static Cep.Language.Json.DynamicCepWords;

namespace Cep.Language.Json;

/// <summary>A node in its place in the sequence.</summary>
/// <param name="Part">The node.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsComposite">Whether it is a graph of its own.</param>
/// <param name="Link">The link of the edge into it.</param>
/// <param name="IsNegated">Whether the edge into it says that it must be absent.</param>
internal sealed record DynamicCepNode(JsonPart Part, string Name, bool IsComposite, Contiguity Link = Contiguity.Relaxed, bool IsNegated = false);

/// <summary>Puts the nodes of a graph into the order of their edges: in this form a graph is a chain.</summary>
internal static class DynamicCepChain
{
    private sealed record Edge(JsonPart Part, string Source, string Target, Contiguity Link, bool IsNegated);

    /// <summary>The nodes in order; what is no chain has been reported.</summary>
    public static List<DynamicCepNode> Order(JsonPart graph, IReadOnlyList<JsonPart> parts)
    {
        var nodes = new Dictionary<string, DynamicCepNode>();
        foreach (var node in parts.Select(ReadNode).OfType<DynamicCepNode>())
        {
            if (!nodes.TryAdd(node.Name, node))
                node.Part.Error(DiagnosticCode.DuplicateName, $"There are two nodes called `{node.Name}`; names are unique in a graph.");
        }
        var edges = graph.Find("edges")?.Items("the edges of the graph")?.Select(e => ReadEdge(e, nodes)).OfType<Edge>().ToList() ?? [];
        CheckEnds(edges);
        var starts = nodes.Values.Where(n => edges.TrueForAll(e => e.Target != n.Name)).ToList();
        if (starts is not [var start])
        {
            var found = starts.Count == 0 ? "none" : string.Join(", ", starts.Select(s => $"`{s.Name}`"));
            graph.Find("nodes")!.Error(DiagnosticCode.NotCarried, $"Exactly one node without an edge into it was expected, to start with, but found {found}.");
            return [.. nodes.Values];
        }
        var chain = Follow(start, nodes, edges);
        foreach (var lost in nodes.Values.Where(n => !chain.Exists(c => c.Name == n.Name)))
            lost.Part.Error(DiagnosticCode.NotCarried, $"The node `{lost.Name}` is not reached from `{start.Name}`.");
        return chain;
    }

    private static List<DynamicCepNode> Follow(DynamicCepNode start, Dictionary<string, DynamicCepNode> nodes, List<Edge> edges)
    {
        var chain = new List<DynamicCepNode> { start };
        while (edges.Find(e => e.Source == chain[^1].Name && !chain.Exists(c => c.Name == e.Target)) is { } edge)
            chain.Add(nodes[edge.Target] with { Link = edge.Link, IsNegated = edge.IsNegated });
        return chain;
    }

    private static void CheckEnds(List<Edge> edges)
    {
        foreach (var branch in edges.GroupBy(e => e.Source).SelectMany(g => g.Skip(1)))
            branch.Part.Error(DiagnosticCode.NotCarried, $"The node `{branch.Source}` has more than one edge out of it; a sequence has one.");
        foreach (var join in edges.GroupBy(e => e.Target).SelectMany(g => g.Skip(1)))
            join.Part.Error(DiagnosticCode.NotCarried, $"The node `{join.Target}` has more than one edge into it; a sequence has one.");
    }

    private static DynamicCepNode? ReadNode(JsonPart part)
    {
        if (!part.IsObject("a node", Graph))
            return null;
        var isComposite = part.Require("type", "a node is ATOMIC or COMPOSITE")?.Word(IsComposite) ?? part.Has("nodes");
        if (!isComposite)
        {
            foreach (var name in Graph.Except(Node).Where(n => n != "version" && part.Find(n) is not null))
                part.Find(name)!.Error(DiagnosticCode.UnknownProperty, $"An ATOMIC node has no `{name}`.");
        }
        return part.Require("name", "edges name their nodes")?.Text("the name of the node") is { } named ? new DynamicCepNode(part, named, isComposite) : null;
    }

    private static Edge? ReadEdge(JsonPart part, Dictionary<string, DynamicCepNode> nodes)
    {
        if (!part.IsObject("an edge", "source", "target", "type"))
            return null;
        var source = End(part, "source", nodes);
        var target = End(part, "target", nodes);
        var type = part.Require("type", "it says how the target follows")?.Word(Edges);
        return source is null || target is null ? null : new Edge(part, source, target, type?.Link ?? Contiguity.Relaxed, type?.IsNegated ?? false);
    }

    private static string? End(JsonPart edge, string property, Dictionary<string, DynamicCepNode> nodes)
    {
        var part = edge.Require(property, "an edge goes from one node to another");
        if (part?.Text("the name of a node") is not { } name)
            return null;
        if (nodes.ContainsKey(name))
            return name;
        part.Error(DiagnosticCode.UnknownStep, $"There is no node `{name}` in this graph.", DiagnosticBag.DidYouMean(name, nodes.Keys));
        return null;
    }
}
