namespace NextItem.Tests.Reference;

/// <summary>Item-KNN by its definition: every event of every session against every item.</summary>
internal static class DoubleItemKnn
{
    /// <summary>The similarity of every pair of items, [I, I]; no list is cut.</summary>
    public static double[,] Similarities(SessionSet train, double regularisation, double alpha)
    {
        var items = train.Catalog.Count;
        var similarities = new double[items, items];
        for (var i = 0; i < items; i++)
        {
            for (var j = 0; j < items; j++)
            {
                var together = 0;
                for (var session = 0; session < train.Count; session++)
                {
                    foreach (var item in train.ItemsOf(session))
                        together += item == i && train.ItemsOf(session).Contains(j) ? 1 : 0;
                }

                var (support, other) = (train.Catalog.Support[i] + regularisation, train.Catalog.Support[j] + regularisation);
                similarities[i, j] = i == j ? 0 : together / (Math.Pow(support, alpha) * Math.Pow(other, 1 - alpha));
            }
        }

        return similarities;
    }
}
