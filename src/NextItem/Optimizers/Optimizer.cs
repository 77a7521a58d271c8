namespace NextItem;

/// <summary>How a gradient becomes an update. Official name: adapt.</summary>
public enum Optimizer
{
    /// <summary>Divided by the root of the sum of all squares so far. Duchi et al. 2011; the papers' choice.</summary>
    Adagrad,

    /// <summary>Divided by the root of the moving mean of the squares. Tieleman and Hinton 2012.</summary>
    RmsProp,

    /// <summary>RMSProp in the units of the parameter. Zeiler 2012; its learning rate is 1.</summary>
    Adadelta,

    /// <summary>Moving mean of the gradient over the root of that of its squares. Kingma and Ba 2015.</summary>
    Adam,

    /// <summary>The gradient as it is. Official value: None.</summary>
    Sgd,
}
