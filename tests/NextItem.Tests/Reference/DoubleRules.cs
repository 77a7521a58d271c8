namespace NextItem.Tests.Reference;

/// <summary>Rules by their definition: every pair of places of every session.</summary>
internal static class DoubleRules
{
    /// <summary>The weight of every rule, [I, I]; no list is cut.</summary>
    public static double[,] Weights(SessionSet train, bool ordered, bool distanceWeight, int maxDistance)
    {
        var weights = new double[train.Catalog.Count, train.Catalog.Count];
        for (var session = 0; session < train.Count; session++)
        {
            var items = train.ItemsOf(session);
            for (var p = 0; p < items.Length; p++)
            {
                for (var q = 0; q < items.Length; q++)
                {
                    var distance = Math.Abs(q - p);
                    if (distance == 0 || distance > maxDistance || (ordered && q < p))
                        continue;
                    weights[items[p], items[q]] += (distanceWeight ? 1.0 / distance : 1) / train.Catalog.Support[items[p]];
                }
            }
        }

        return weights;
    }
}
