/** Citations that a rule over access serves. */
export const ACCESS = ['164.308(a)(3)(i)', '164.308(a)(4)(ii)(A)', '164.308(a)(4)(ii)(B)', '164.312(a)(1)'];
