var e=Object.defineProperty,t=(e,t,n)=>()=>{if(n)throw n[0];try{return e&&(t=e(e=0)),t}catch(e){throw n=[e],e}},n=(t,n)=>{let r={};for(var i in t)e(r,i,{get:t[i],enumerable:!0});return n||e(r,Symbol.toStringTag,{value:`Module`}),r},r,i,a,o,s,c,l,u,d,ee=t((()=>{r=globalThis,i=r.ShadowRoot&&(r.ShadyCSS===void 0||r.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,a=Symbol(),o=/* @__PURE__ */ new WeakMap,s=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==a)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(i&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=o.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&o.set(t,e))}return e}toString(){return this.cssText}},c=e=>new s(typeof e==`string`?e:e+``,void 0,a),l=(e,...t)=>{let n=e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]);return new s(n,e,a)},u=(e,t)=>{if(i)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),i=r.litNonce;i!==void 0&&t.setAttribute(`nonce`,i),t.textContent=n.cssText,e.appendChild(t)}},d=i?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return c(t)})(e):e})),te,ne,re,ie,ae,oe,f,se,ce,le,p,m,h,ue,g,_=t((()=>{ee(),{is:te,defineProperty:ne,getOwnPropertyDescriptor:re,getOwnPropertyNames:ie,getOwnPropertySymbols:ae,getPrototypeOf:oe}=Object,f=globalThis,se=f.trustedTypes,ce=se?se.emptyScript:``,le=f.reactiveElementPolyfillSupport,p=(e,t)=>e,m={toAttribute(e,t){switch(t){case Boolean:e=e?ce:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},h=(e,t)=>!te(e,t),ue={attribute:!0,type:String,converter:m,reflect:!1,useDefault:!1,hasChanged:h},Symbol.metadata??=Symbol(`metadata`),f.litPropertyMetadata??=/* @__PURE__ */ new WeakMap,g=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ue){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&ne(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=re(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ue}static _$Ei(){if(this.hasOwnProperty(p(`elementProperties`)))return;let e=oe(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(p(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(p(`properties`))){let e=this.properties,t=[...ie(e),...ae(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(d(e))}else e!==void 0&&t.push(d(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return u(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?m:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?m:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??h)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}},g.elementStyles=[],g.shadowRootOptions={mode:`open`},g[p(`elementProperties`)]=/* @__PURE__ */ new Map,g[p(`finalized`)]=/* @__PURE__ */ new Map,le?.({ReactiveElement:g}),(f.reactiveElementVersions??=[]).push(`2.1.2`)}));function de(e,t){if(!T(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return pe===void 0?t:pe.createHTML(t)}function v(e,t,n=e,r){if(t===j)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=w(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=v(e,i._$AS(e,t.values),i,r)),t}var y,fe,b,pe,me,x,he,ge,S,C,w,T,_e,E,D,ve,ye,O,be,xe,Se,k,A,Ce,j,M,we,N,Te,P,Ee,F,I,De,Oe,ke,Ae,je,Me,L=t((()=>{y=globalThis,fe=e=>e,b=y.trustedTypes,pe=b?b.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,me=`$lit$`,x=`lit$${Math.random().toFixed(9).slice(2)}$`,he=`?`+x,ge=`<${he}>`,S=document,C=()=>S.createComment(``),w=e=>e===null||typeof e!=`object`&&typeof e!=`function`,T=Array.isArray,_e=e=>T(e)||typeof e?.[Symbol.iterator]==`function`,E=`[ 	
\f\r]`,D=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ve=/-->/g,ye=/>/g,O=RegExp(`>|${E}(?:([^\\s"'>=/]+)(${E}*=${E}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),be=/'/g,xe=/"/g,Se=/^(?:script|style|textarea|title)$/i,k=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),A=k(1),Ce=k(2),k(3),j=Symbol.for(`lit-noChange`),M=Symbol.for(`lit-nothing`),we=/* @__PURE__ */ new WeakMap,N=S.createTreeWalker(S,129),Te=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=D;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===D?c[1]===`!--`?o=ve:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=O):(Se.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=O):o=ye:o===O?c[0]===`>`?(o=i??D,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?O:c[3]===`"`?xe:be):o===xe||o===be?o=O:o===ve||o===ye?o=D:(o=O,i=void 0);let d=o===O&&e[t+1].startsWith(`/>`)?` `:``;a+=o===D?n+ge:l>=0?(r.push(s),n.slice(0,l)+me+n.slice(l)+x+d):n+x+(l===-2?t:d)}return[de(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},P=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Te(t,n);if(this.el=e.createElement(l,r),N.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=N.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(me)){let t=u[o++],n=i.getAttribute(e).split(x),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?De:r[1]===`?`?Oe:r[1]===`@`?ke:I}),i.removeAttribute(e)}else e.startsWith(x)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(Se.test(i.tagName)){let e=i.textContent.split(x),t=e.length-1;if(t>0){i.textContent=b?b.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],C()),N.nextNode(),c.push({type:2,index:++a});i.append(e[t],C())}}}else if(i.nodeType===8){if(i.data===he)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(x,e+1))!==-1;)c.push({type:7,index:a}),e+=x.length-1}}a++}}static createElement(e,t){let n=S.createElement(`template`);return n.innerHTML=e,n}},Ee=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??S).importNode(t,!0);N.currentNode=r;let i=N.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new F(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Ae(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=N.nextNode(),a++)}return N.currentNode=S,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},F=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=M,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=v(this,e,t),w(e)?e===M||e==null||e===``?(this._$AH!==M&&this._$AR(),this._$AH=M):e!==this._$AH&&e!==j&&this._(e):e._$litType$===void 0?e.nodeType===void 0?_e(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==M&&w(this._$AH)?this._$AA.nextSibling.data=e:this.T(S.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=P.createElement(de(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Ee(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=we.get(e.strings);return t===void 0&&we.set(e.strings,t=new P(e)),t}k(t){T(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(C()),this.O(C()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=fe(e).nextSibling;fe(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},I=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=M,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=M}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=v(this,e,t,0),a=!w(e)||e!==this._$AH&&e!==j,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=v(this,r[n+o],t,o),s===j&&(s=this._$AH[o]),a||=!w(s)||s!==this._$AH[o],s===M?e=M:e!==M&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===M?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},De=class extends I{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===M?void 0:e}},Oe=class extends I{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==M)}},ke=class extends I{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=v(this,e,t,0)??M)===j)return;let n=this._$AH,r=e===M&&n!==M||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==M&&(n===M||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Ae=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){v(this,e)}},je=y.litHtmlPolyfillSupport,je?.(P,F),(y.litHtmlVersions??=[]).push(`3.3.3`),Me=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new F(t.insertBefore(C(),e),e,void 0,n??{})}return i._$AI(e),i}})),R,z,Ne,Pe=t((()=>{_(),_(),L(),L(),R=globalThis,z=class extends g{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Me(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return j}},z._$litElement$=!0,z.finalized=!0,R.litElementHydrateSupport?.({LitElement:z}),Ne=R.litElementPolyfillSupport,Ne?.({LitElement:z}),(R.litElementVersions??=[]).push(`4.2.2`)})),Fe=t((()=>{})),Ie=t((()=>{_(),L(),Pe(),Fe()})),Le,Re=t((()=>{Le=e=>(t,n)=>{n===void 0?customElements.define(e,t):n.addInitializer(()=>{customElements.define(e,t)})}}));function B(e){return(t,n)=>typeof n==`object`?Be(e,t,n):((e,t,n)=>{let r=t.hasOwnProperty(n);return t.constructor.createProperty(n,e),r?Object.getOwnPropertyDescriptor(t,n):void 0})(e,t,n)}var ze,Be,Ve=t((()=>{_(),ze={attribute:!0,type:String,converter:m,reflect:!1,hasChanged:h},Be=(e=ze,t,n)=>{let{kind:r,metadata:i}=n,a=globalThis.litPropertyMetadata.get(i);if(a===void 0&&globalThis.litPropertyMetadata.set(i,a=/* @__PURE__ */ new Map),r===`setter`&&((e=Object.create(e)).wrapped=!0),a.set(n.name,e),r===`accessor`){let{name:r}=n;return{set(n){let i=t.get.call(this);t.set.call(this,n),this.requestUpdate(r,i,e,!0,n)},init(t){return t!==void 0&&this.C(r,void 0,e,t),t}}}if(r===`setter`){let{name:r}=n;return function(n){let i=this[r];t.call(this,n),this.requestUpdate(r,i,e,!0,n)}}throw Error(`Unsupported decorator location: `+r)}}));function V(e){return B({...e,state:!0,attribute:!1})}var He=t((()=>{Ve()})),Ue=t((()=>{})),We=t((()=>{})),Ge=t((()=>{})),Ke=t((()=>{})),qe=t((()=>{})),Je=t((()=>{})),Ye=t((()=>{Re(),Ve(),He(),Ue(),We(),Ge(),Ke(),qe(),Je()})),Xe,Ze,Qe,$e=t((()=>{Xe={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Ze=e=>(...t)=>({_$litDirective$:e,values:t}),Qe=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}}})),et,tt=t((()=>{L(),$e(),et=Ze(class extends Qe{constructor(e){if(super(e),e.type!==Xe.ATTRIBUTE||e.name!==`class`||e.strings?.length>2)throw Error("`classMap()` can only be used in the `class` attribute and must be the only part in the attribute.")}render(e){return` `+Object.keys(e).filter(t=>e[t]).join(` `)+` `}update(e,[t]){if(this.st===void 0){this.st=/* @__PURE__ */ new Set,e.strings!==void 0&&(this.nt=new Set(e.strings.join(` `).split(/\s/).filter(e=>e!==``)));for(let e in t)t[e]&&!this.nt?.has(e)&&this.st.add(e);return this.render(t)}let n=e.element.classList;for(let e of this.st)e in t||(n.remove(e),this.st.delete(e));for(let e in t){let r=!!t[e];r===this.st.has(e)||this.nt?.has(e)||(r?(n.add(e),this.st.add(e)):(n.remove(e),this.st.delete(e)))}return j}})})),nt=t((()=>{tt()})),rt,it,at=t((()=>{L(),$e(),rt={},it=Ze(class extends Qe{constructor(){super(...arguments),this.ot=rt}render(e,t){return t()}update(e,[t,n]){if(Array.isArray(t)){if(Array.isArray(this.ot)&&this.ot.length===t.length&&t.every((e,t)=>e===this.ot[t]))return j}else if(this.ot===t)return j;return this.ot=Array.isArray(t)?Array.from(t):t,this.render(t,n)}})})),ot=t((()=>{at()}));function st(e){let t=new Set(Object.values(e.entities).filter(e=>e?.platform===U).map(e=>e?.device_id));return Object.values(e.devices).filter(e=>e!==void 0).filter(e=>t.has(e.id)&&e.entry_type!==`service`).sort((e,t)=>H(e).localeCompare(H(t)))}function H(e){return e.name_by_user??e.name??``}function ct(e,t){let n=/* @__PURE__ */ new Map;for(let r of Object.values(e.entities)){if(r?.device_id!==t||r.platform!==`stellantis_connect`)continue;let e=r.entity_id.slice(0,r.entity_id.indexOf(`.`)),i=`${e}.${r.translation_key??e}`;n.has(i)||n.set(i,r.entity_id)}return n}function lt(e){let t=typeof e==`string`?new Date(e):void 0;return t&&!Number.isNaN(t.getTime())?t:void 0}function ut(e,t,n){if(e===void 0||pt.some(n=>e[n]!==t[n]))return!0;for(let r of n)if(e.states[r]!==t.states[r])return!0;return!1}var U,dt,ft,pt,W=t((()=>{U=`stellantis_connect`,dt=/* @__PURE__ */ new Set([`unavailable`,`unknown`]),ft=class{constructor(e,t,n=/* @__PURE__ */ new Map){this.hass=e,this.ids=t,this.lastStates=n;for(let r of t.values()){let t=e.states[r];t&&t.state!==`unavailable`&&n.set(r,t)}}has(e){return this.ids.has(e)}entity(e){let t=this.ids.get(e);return t===void 0?void 0:this.lastStates.get(t)??this.hass.states[t]}name(e){let t=this.entity(e);return t?this.hass.formatEntityName(t,{type:`entity`}):``}value(e){let t=this.entity(e)?.state;return t===void 0||dt.has(t)?void 0:t}number(e){let t=this.value(e),n=t===void 0?NaN:Number(t);return Number.isFinite(n)?n:void 0}text(e){let t=this.entity(e);return t&&this.value(e)!==void 0?this.hass.formatEntityState(t):void 0}format(e,t,n){if(t===void 0)return;let r=this.entity(e);if(!r)return`${t} ${n}`;let i={...r.attributes,unit_of_measurement:n};return this.hass.formatEntityState({...r,state:String(t),attributes:i})}time(e){return lt(this.value(e))}isPending(e){let t=this.presentState(e);return this.progress(e)!==void 0||t?.attributes.assumed_state===!0||t?.state===`locking`||t?.state===`unlocking`}isAvailable(e){return![`unavailable`,void 0].includes(this.presentState(e)?.state)}progress(e){let t=this.presentState(e)?.attributes.progress;return typeof t==`string`?t:void 0}get outage(){let e=this.presentState(`binary_sensor.connection`);if(e?.state===`off`){let t=e.attributes.disconnected_since;return{since:new Date(typeof t==`string`?t:e.last_changed),isRunning:!0}}let t=e??this.presentState(`sensor.odometer`);if(t?.state===`unavailable`)return{since:new Date(t.last_changed),isRunning:t.attributes.restored!==!0}}get updatedAt(){return lt(this.entity(`binary_sensor.connection`)?.attributes.last_update)}get level(){let e=this.number(`sensor.battery_level`);if(e!==void 0)return{percent:e,electric:!0};let t=this.number(`sensor.fuel_level`);return t===void 0?void 0:{percent:t,electric:!1}}get range(){return this.text(`sensor.electric_range`)??this.text(`sensor.total_range`)??this.text(`sensor.fuel_range`)}get secondRange(){return this.number(`sensor.battery_level`)===void 0?[]:[this.text(`sensor.fuel_level`),this.text(`sensor.fuel_range`)].filter(e=>e!==void 0)}get chargeLimit(){let e=this.number(`number.charge_limit`);return e===void 0||e>=100?void 0:e}get isCharging(){return this.value(`binary_sensor.charging`)===`on`}get chargingState(){return this.text(`sensor.charging_state`)??this.text(`sensor.charging_status`)}presentState(e){let t=this.ids.get(e);return t===void 0?void 0:this.hass.states[t]}get picture(){let e=this.entity(`image.picture`)?.attributes.entity_picture;return typeof e==`string`?e:void 0}get criticalAlerts(){let e=this.entity(`binary_sensor.problem`)?.attributes.alerts;return(Array.isArray(e)?e:[]).filter(e=>typeof e==`string`)}get position(){let e=this.entity(`device_tracker.position`),{latitude:t,longitude:n}=e?.attributes??{};return e&&typeof t==`number`&&typeof n==`number`?{point:[t,n],timestamp:new Date(e.last_updated)}:void 0}get lastTrip(){return this.lastTripEnd?.toISOString()}get lastTripEnd(){return lt(this.entity(`sensor.last_trip_distance`)?.attributes.ended_at)}get lastCharge(){let e=[`sensor.last_charge_energy`,`sensor.last_charge_cost`].filter(e=>this.value(e)!==void 0);return e.length>0?e.map(e=>`${this.value(e)} ${this.entity(e)?.last_changed}`).join():void 0}get isAlarmTriggered(){return this.value(`binary_sensor.alarm_triggered`)===`on`}},pt=[`entities`,`devices`,`locale`,`formatEntityState`]}));async function mt(e,t){return ht((await e.callService(U,`get_charges`,{device_id:t,limit:3},void 0,!1,!0))?.response).reverse()}function ht(e){let{charges:t}=e??{};return Array.isArray(t)?t.map(e=>({endedAt:new Date(String(e.ended_at)),...typeof e.energy==`number`&&{energy:e.energy},...typeof e.cost==`number`&&{cost:e.cost},...typeof e.currency==`string`&&{currency:e.currency}})):[]}var gt=t((()=>{W()}));function _t(e){return[vt(e),yt(e,`switch.precondition`,`climate`,`mdi:fan`),yt(e,`switch.charge`,`charging`,`mdi:ev-station`)??bt(e)].filter(e=>e!==void 0)}function vt(e){let t=`lock.lock`;if(!e.has(t))return;let n=e.value(t),r=n===`locked`||n===`locking`;return{key:t,icon:r?`mdi:lock`:`mdi:lock-open-variant`,label:`doors`,state:n===void 0?`unknown`:r?`locked`:`unlocked`,action:xt(e,t,r?`unlock`:`lock`),active:n!==void 0&&!r,pending:e.isPending(t),confirm:r,domain:`lock`,service:r?`unlock`:`lock`}}function yt(e,t,n,r){if(!e.has(t))return;let i=e.value(t),a=i===`on`;return{key:t,icon:r,label:n,state:i===void 0?`unknown`:a?`on`:`off`,action:xt(e,t,`${a?`stop`:`start`}_${n}`),active:a,pending:e.isPending(t),confirm:!1,domain:`switch`,service:a?`turn_off`:`turn_on`}}function bt(e){let t=`button.start_charge`;if(e.has(t))return{key:t,icon:`mdi:ev-station`,label:`charging`,state:e.isCharging?`on`:`off`,action:e.isCharging?void 0:xt(e,t,`start_charging`),active:e.isCharging,pending:e.isPending(t),confirm:!1,domain:`button`,service:`press`}}function xt(e,t,n){return e.isAvailable(t)?n:void 0}var St=t((()=>{}));function G(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a}var Ct=t((()=>{})),K,q,J,wt=t((()=>{Ie(),Ye(),Ct(),K=44,q=2*Math.PI*K,J=class extends z{constructor(...e){super(...e),this.level=0,this.charging=!1,this.low=!1,this.fuel=!1,this.label=``,this.text=``}static{this.styles=l`
    :host {
      --ring-color: var(--state-sensor-battery-high-color, var(--success-color, #4caf50));
      display: block;
      position: relative;
      inline-size: 112px;
      block-size: 112px;
      flex: none;
    }
    :host([low]) {
      --ring-color: var(--state-sensor-battery-low-color, var(--error-color, #db4437));
    }
    svg {
      inline-size: 100%;
      block-size: 100%;
      transform: rotate(-90deg);
    }
    circle {
      fill: none;
      stroke-width: 8;
    }
    .track {
      stroke: var(--divider-color, #e0e0e0);
    }
    .level {
      stroke: var(--ring-color);
      stroke-linecap: round;
      transition: stroke-dashoffset 0.6s ease;
    }
    .limit {
      stroke: var(--primary-text-color);
      stroke-width: 10;
    }
    .content {
      position: absolute;
      inset: 0;
      display: flex;
      flex-direction: column;
      align-items: center;
      justify-content: center;
      line-height: 1.2;
    }
    .value {
      font-size: 1.75rem;
      font-weight: 500;
      font-variant-numeric: tabular-nums;
    }
    ha-icon {
      --mdc-icon-size: 18px;
      color: var(--secondary-text-color);
    }
    :host([charging]) ha-icon {
      color: var(--ring-color);
      animation: pulse 2s ease-in-out infinite;
    }
    @keyframes pulse {
      50% {
        opacity: 0.4;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .level {
        transition: none;
      }
      :host([charging]) ha-icon {
        animation: none;
      }
    }
  `}get icon(){return this.charging?`mdi:lightning-bolt`:this.fuel?`mdi:gas-station`:`mdi:battery`}render(){let e=Math.min(100,Math.max(0,this.level));return A`
      <svg viewBox="0 0 100 100" role="img" aria-label=${this.label}>
        <circle class="track" cx="50" cy="50" r=${K}></circle>
        ${Ce`<circle
          class="level" cx="50" cy="50" r=${K}
          stroke-dasharray=${q} stroke-dashoffset=${q*(1-e/100)}
        ></circle>`}
        ${this.limit===void 0?M:Ce`<circle
                class="limit" cx="50" cy="50" r=${K}
                stroke-dasharray="1.5 ${q}"
                stroke-dashoffset=${-q*(this.limit/100)}
              ></circle>`}
      </svg>
      <div class="content" aria-hidden="true">
        <span class="value">${this.text}</span>
        <ha-icon .icon=${this.icon}></ha-icon>
      </div>
    `}},G([B({type:Number})],J.prototype,`level`,void 0),G([B({type:Number})],J.prototype,`limit`,void 0),G([B({type:Boolean,reflect:!0})],J.prototype,`charging`,void 0),G([B({type:Boolean,reflect:!0})],J.prototype,`low`,void 0),G([B({type:Boolean})],J.prototype,`fuel`,void 0),G([B()],J.prototype,`label`,void 0),G([B()],J.prototype,`text`,void 0),J=G([Le(`stellantis-connect-level-ring`)],J)}));async function Tt(e,t){let n=[],r=[...t].map(t=>e.states[t]).filter(e=>e?.state===`unavailable`);for(let t of kt){if(r.length===0)break;let i=r.map(e=>Date.parse(e?.last_changed??``)),a=await e.callWS({type:`history/history_during_period`,start_time:new Date(Math.min(...i)-t).toISOString(),end_time:new Date(Math.max(...i)).toISOString(),entity_ids:r.map(e=>e?.entity_id)});r=r.filter(e=>{let t=a[e?.entity_id??``]?.findLast(({s:e})=>e!==`unavailable`);return e&&t&&n.push(Et(e,t)),t===void 0})}return n}function Et(e,{s:t,a:n,lc:r,lu:i}){let a=(/* @__PURE__ */ new Date((r??i)*Dt)).toISOString();return{...e,state:t,attributes:{...e.attributes,...n},last_changed:a,last_updated:a}}var Dt,Ot,kt,At=t((()=>{Dt=1e3,Ot=864e5,kt=[Dt,Ot,7*Ot]})),jt,Mt,Nt,Pt,Ft,It,Lt,Rt,zt,Bt,Vt,Ht,Ut,Wt,Gt,Kt,qt,Jt,Yt,Xt,Zt,Qt,$t,en,tn,nn,rn,an,on,sn,cn,ln,un,dn,fn,pn,mn,hn,gn,_n,vn=t((()=>{jt=`Ein Auto auf einen Blick: Ladezustand, Reichweite, Laden, Schloss, Klima und Warnungen.`,Mt=`Eine Ansicht aller Autos und eine Ansicht jedes Autos: Karte, Bedienelemente und Werte.`,Nt=`Wähle ein Auto aus.`,Pt=`Es gibt keine Autos. Füge die Integration Stellantis Connect hinzu oder prüfe, ob sie aktiviert ist.`,Ft=`Dieses Auto gibt es nicht mehr.`,It=`Aktualisiert {age}`,Lt=`Gerade aktualisiert`,Rt=`Seit {time} keine Verbindung zu Stellantis. Die letzten bekannten Werte werden angezeigt.`,zt=`Stellantis Connect läuft seit {time} nicht. Die letzten bekannten Werte werden angezeigt.`,Bt=`Alarm ausgelöst`,Vt=`Limit {limit}`,Ht=`Batterie`,Ut=`Kraftstoff`,Wt=`Reichweite`,Gt=`bis {time}`,Kt=`Türen`,qt=`Verriegeln`,Jt=`Entriegeln`,Yt=`Verriegelt`,Xt=`Entriegelt`,Zt=`Zum Entriegeln erneut drücken`,Qt=`Klima`,$t=`Klima starten`,en=`Klima stoppen`,tn=`Laden`,nn=`Laden starten`,rn=`Laden stoppen`,an=`Unbekannt`,on=`Ausstehend`,sn=`Letzte Fahrt`,cn=`Letzte Ladevorgänge`,ln=`Offen: {names}`,un=`Auto`,dn=`Bild anzeigen`,fn=`Karte anzeigen`,pn=`Letzte Fahrt und Ladevorgänge anzeigen`,mn=`Garage`,hn=`Die Hupe von {car} betätigen?`,gn=`{car} ver- oder entriegeln?`,_n={card_description:jt,strategy_description:Mt,no_device:Nt,no_cars:Pt,unknown_device:Ft,updated:It,updated_now:Lt,unavailable:Rt,not_running:zt,alarm:Bt,limit:Vt,battery:Ht,fuel:Ut,range:Wt,until:Gt,doors:Kt,lock:qt,unlock:Jt,locked:Yt,unlocked:Xt,confirm_unlock:Zt,climate:Qt,start_climate:$t,stop_climate:en,charging:tn,start_charging:nn,stop_charging:rn,on:`Ein`,off:`Aus`,unknown:an,pending:on,last_trip:sn,last_charges:cn,open:ln,editor_device:un,editor_show_picture:dn,editor_show_map:fn,editor_show_history:pn,garage:mn,confirm_horn:hn,confirm_lock:gn}})),yn,bn,xn,Sn,Cn,wn,Tn,En,Dn,On,kn,An,jn,Mn,Nn,Pn,Fn,In,Ln,Rn,zn,Bn,Vn,Hn,Un,Wn,Gn,Kn,qn,Jn,Yn,Xn,Zn,Qn,$n,er,tr,nr,rr,ir=t((()=>{yn=`One car at a glance: level, range, charging, lock, climate, and alerts.`,bn=`A view of all cars, and a view of each: card, controls, and values.`,xn=`Select a car.`,Sn=`There are no cars. Add the Stellantis Connect integration, or check whether it's enabled.`,Cn=`This car no longer exists.`,wn=`Updated {age}`,Tn=`Updated just now`,En=`Disconnected from Stellantis since {time}. The last known values are shown.`,Dn=`Stellantis Connect hasn't been running since {time}. The last known values are shown.`,On=`Alarm triggered`,kn=`Limit {limit}`,An=`Battery`,jn=`Fuel`,Mn=`Range`,Nn=`until {time}`,Pn=`Doors`,Fn=`Lock`,In=`Unlock`,Ln=`Locked`,Rn=`Unlocked`,zn=`Press again to unlock`,Bn=`Climate`,Vn=`Start climate`,Hn=`Stop climate`,Un=`Charging`,Wn=`Start charging`,Gn=`Stop charging`,Kn=`Unknown`,qn=`Pending`,Jn=`Last trip`,Yn=`Last charges`,Xn=`Open: {names}`,Zn=`Show picture`,Qn=`Show map`,$n=`Show last trip and charges`,er=`Garage`,tr=`Sound the horn of {car}?`,nr=`Lock or unlock {car}?`,rr={card_description:yn,strategy_description:bn,no_device:xn,no_cars:Sn,unknown_device:Cn,updated:wn,updated_now:Tn,unavailable:En,not_running:Dn,alarm:On,limit:kn,battery:An,fuel:jn,range:Mn,until:Nn,doors:Pn,lock:Fn,unlock:In,locked:Ln,unlocked:Rn,confirm_unlock:zn,climate:Bn,start_climate:Vn,stop_climate:Hn,charging:Un,start_charging:Wn,stop_charging:Gn,on:`On`,off:`Off`,unknown:Kn,pending:qn,last_trip:Jn,last_charges:Yn,open:Xn,editor_device:`Car`,editor_show_picture:Zn,editor_show_map:Qn,editor_show_history:$n,garage:er,confirm_horn:tr,confirm_lock:nr}})),ar,or,sr,cr,lr,ur,dr,fr,pr,mr,hr,gr,_r,vr,yr,br,xr,Sr,Cr,wr,Tr,Er,Dr,Or,kr,Ar,jr,Mr,Nr,Pr,Fr,Ir,Lr,Rr,zr,Br,Vr,Hr,Ur,Wr,Gr,Kr,qr=t((()=>{ar=`Une voiture en un coup d'œil : niveau, autonomie, charge, verrouillage, climatisation et alertes.`,or=`Une vue de toutes les voitures et une vue de chacune : carte, commandes et valeurs.`,sr=`Sélectionnez une voiture.`,cr=`Il n'y a pas de voiture. Ajoutez l'intégration Stellantis Connect ou vérifiez qu'elle est activée.`,lr=`Cette voiture n'existe plus.`,ur=`Mis à jour {age}`,dr=`Mis à jour à l'instant`,fr=`Déconnecté de Stellantis depuis {time}. Les dernières valeurs connues sont affichées.`,pr=`Stellantis Connect ne fonctionne pas depuis {time}. Les dernières valeurs connues sont affichées.`,mr=`Alarme déclenchée`,hr=`Limite {limit}`,gr=`Batterie`,_r=`Carburant`,vr=`Autonomie`,yr=`jusqu'à {time}`,br=`Portes`,xr=`Verrouiller`,Sr=`Déverrouiller`,Cr=`Verrouillées`,wr=`Déverrouillées`,Tr=`Appuyez à nouveau pour déverrouiller`,Er=`Climatisation`,Dr=`Démarrer la climatisation`,Or=`Arrêter la climatisation`,kr=`Charge`,Ar=`Démarrer la charge`,jr=`Arrêter la charge`,Mr=`Activée`,Nr=`Désactivée`,Pr=`Inconnu`,Fr=`En attente`,Ir=`Dernier trajet`,Lr=`Dernières charges`,Rr=`Ouvert : {names}`,zr=`Voiture`,Br=`Afficher l'image`,Vr=`Afficher la carte`,Hr=`Afficher le dernier trajet et les dernières charges`,Ur=`Garage`,Wr=`Actionner le klaxon de {car} ?`,Gr=`Verrouiller ou déverrouiller {car} ?`,Kr={card_description:ar,strategy_description:or,no_device:sr,no_cars:cr,unknown_device:lr,updated:ur,updated_now:dr,unavailable:fr,not_running:pr,alarm:mr,limit:hr,battery:gr,fuel:_r,range:vr,until:yr,doors:br,lock:xr,unlock:Sr,locked:Cr,unlocked:wr,confirm_unlock:Tr,climate:Er,start_climate:Dr,stop_climate:Or,charging:kr,start_charging:Ar,stop_charging:jr,on:Mr,off:Nr,unknown:Pr,pending:Fr,last_trip:Ir,last_charges:Lr,open:Rr,editor_device:zr,editor_show_picture:Br,editor_show_map:Vr,editor_show_history:Hr,garage:Ur,confirm_horn:Wr,confirm_lock:Gr}}));function Jr(e){return Qr[e.split(`-`)[0]??``]?e:`en`}function Y(e,t,n={}){return(Qr[e.split(`-`)[0]??``]??rr)[t].replace(/\{(\w+)\}/g,(e,t)=>String(n[t]??e))}function Yr(e,t){return new Intl.NumberFormat(e,{style:`percent`}).format(Math.round(t)/100)}function Xr(e,t,n){let r=n.getTime()-t.getTime(),[i,a]=$r.find(([,e])=>r>=e)??[`minute`,6e4];return new Intl.RelativeTimeFormat(e,{numeric:`auto`}).format(-Math.max(0,Math.floor(r/a)),i)}function Zr(e,t,n){let{language:r,time_format:i,time_zone:a}=e.locale,o=a===`server`?{timeZone:e.config.time_zone}:{},s=new Intl.DateTimeFormat(r,{...o,day:`numeric`,month:`short`});return new Intl.DateTimeFormat(i===`system`?void 0:r,{...o,...s.format(t)===s.format(n)?{}:{day:`numeric`,month:`short`},...i===`12`||i===`24`?{hour12:i===`12`}:{},hour:`numeric`,minute:`2-digit`}).format(t)}var Qr,$r,ei=t((()=>{vn(),ir(),qr(),Qr={de:_n,en:rr,fr:Kr},$r=[[`day`,864e5],[`hour`,36e5],[`minute`,6e4]]}));async function ti(){if(customElements.get(`ha-map`))return!0;let{loadCardHelpers:e}=window;return e?((await e()).createCardElement({type:`map`,entities:[]}),await customElements.whenDefined(`ha-map`),!0):!1}function ni(e,t,n){let r=`${t} ${n}`,i=si.get(r)??ri(e,t).catch(()=>void 0);return si.set(r,i),i}async function ri(e,t){return ai((await e.callService(U,`get_trip_waypoints`,{device_id:t},void 0,!1,!0))?.response)}function ii(e,t){return[...e?[e]:[],...t?[{points:[t]}]:[]]}function ai(e){let t=e,n=t?.geometry?.coordinates;if(!Array.isArray(n))return;let r=t?.properties?.times??[],i=n.filter(oi).map(([e,t],n)=>({point:[t,e],timestamp:new Date(r[n]??0)}));return i.length>1?{points:i,gradualOpacity:.6}:void 0}function oi(e){return Array.isArray(e)&&e.length>=2&&e.slice(0,2).every(Number.isFinite)}var si,ci=t((()=>{W(),si=/* @__PURE__ */ new Map})),li,ui=t((()=>{Ie(),gt(),li=l`
  :host {
    display: block;
  }
  ha-card {
    block-size: 100%;
    overflow: hidden;
    container-type: inline-size;
  }
  .content {
    display: grid;
    gap: 16px;
    padding: 16px;
  }
  header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
    flex-wrap: wrap;
  }
  h2 {
    margin: 0;
    font: inherit;
    font-size: var(--ha-font-size-xl, 1.25rem);
    font-weight: 500;
  }
  .secondary {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 0.8125rem);
  }
  .banner {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
    border-radius: 8px;
    background: color-mix(in srgb, var(--banner-color) 14%, transparent);
    border-inline-start: 4px solid var(--banner-color);
  }
  .banner ha-icon {
    color: var(--banner-color);
  }
  .banner.error {
    --banner-color: var(--error-color, #db4437);
  }
  .banner.info {
    --banner-color: var(--secondary-text-color, #727272);
  }
  .hero {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 16px;
  }
  .picture {
    block-size: 150px;
    min-inline-size: 0;
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    place-items: center;
    grid-column: 1 / -1;
  }
  .picture img {
    max-inline-size: 100%;
    max-block-size: 100%;
    border-radius: 12px;
  }
  .facts {
    display: grid;
    gap: 2px;
    min-inline-size: 0;
  }
  .facts .range {
    font-size: var(--ha-font-size-xl, 1.25rem);
    font-weight: 500;
  }
  .value {
    display: inline-block;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  button {
    font: inherit;
    color: var(--primary-text-color);
    cursor: pointer;
    border: none;
    border-radius: 12px;
    background: var(--secondary-background-color, #f5f5f5);
  }
  button:focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
  }
  .control {
    display: grid;
    flex: 1 1 96px;
    min-inline-size: 0;
    justify-items: center;
    align-content: center;
    gap: 4px;
    min-block-size: 84px;
    padding: 8px;
    text-align: center;
  }
  .control.active {
    background: color-mix(in srgb, var(--primary-color) 20%, transparent);
  }
  .control.active ha-icon {
    color: var(--primary-color);
  }
  .control.pending ha-icon {
    animation: pending 1.2s ease-in-out infinite;
  }
  .control[aria-disabled="true"] {
    cursor: default;
  }
  .control.pending {
    cursor: progress;
  }
  .announcement {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  @keyframes pending {
    50% {
      opacity: 0.3;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .control.pending ha-icon {
      animation: none;
      opacity: 0.5;
    }
  }
  .map {
    block-size: 200px;
    background: var(--secondary-background-color, #f5f5f5);
    border-radius: 12px;
    overflow: hidden;
  }
  ha-map {
    block-size: 100%;
  }
  h3 {
    margin: 0;
    font-weight: inherit;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
    line-height: 1.6;
  }
  li > .secondary {
    flex: none;
  }
  /* Room for the charges that are read after the first one is shown. */
  .last_charges ul {
    min-block-size: calc(${3} * 1.6em);
  }
  @container (min-width: 440px) {
    .hero {
      grid-template-columns: minmax(0, 1.2fr) auto minmax(0, 1fr);
    }
    .hero:not(:has(.picture)) {
      grid-template-columns: auto minmax(0, 1fr);
    }
    .picture {
      grid-column: auto;
      block-size: 128px;
    }
  }
`}));function di(e){return e.map((t,n)=>{let r=n<e.length-1?`\xA0·`:``;return A`${n>0?` `:``}<span class="value"><bdi>${t}</bdi>${r}</span>`})}var X,fi,pi,mi,hi,gi,_i,Z,vi=t((()=>{Ie(),Ye(),nt(),ot(),gt(),St(),wt(),At(),ei(),ci(),ui(),W(),Ct(),X=`stellantis-connect-card`,fi=20,pi=1e4,mi=800,hi=6e4,gi={top:60,right:30,bottom:16,left:30},_i=[`opening_driver`,`opening_passenger`,`opening_rear_left`,`opening_rear_right`,`opening_trunk`,`opening_rear_window`,`opening_roof_window`],Z=class extends z{constructor(...e){super(...e),this.now=/* @__PURE__ */ new Date,this.mapLoaded=!1,this.ids=/* @__PURE__ */ new Map,this.lastStates=/* @__PURE__ */ new Map,this.shownOnMap=``,this.timers=[]}static{this.styles=li}static getStubConfig(e){let[t]=st(e);return t?{device_id:t.id}:{}}static getConfigForm(){let e={boolean:{}};return{schema:[{name:`device_id`,required:!0,selector:{device:{integration:U,entity:{domain:`sensor`}}}},...[`show_picture`,`show_map`,`show_history`].map(t=>({name:t,default:!0,selector:e}))],computeLabel:e=>Y(document.documentElement.lang,e.name===`device_id`?`editor_device`:`editor_${e.name}`)}}setConfig(e){this.config={show_picture:!0,show_map:!0,show_history:!0,...e},this.lastStates=/* @__PURE__ */ new Map,this.route=void 0,this.lastTrip=void 0,this.charges=void 0,this.lastCharge=void 0,this.outageSince=void 0}getCardSize(){return 6}getGridOptions(){return{columns:12,min_columns:6,rows:`auto`}}connectedCallback(){super.connectedCallback(),this.timers.push(setInterval(()=>{this.now=/* @__PURE__ */ new Date},hi))}disconnectedCallback(){super.disconnectedCallback();for(let e of this.timers.splice(0))clearInterval(e)}shouldUpdate(e){return e.size>1||!e.has(`hass`)||!this.hass||ut(e.get(`hass`),this.hass,this.ids.values())}willUpdate(e){let t=e.get(`hass`);this.hass&&this.config?.device_id&&((e.has(`config`)||t?.entities!==this.hass.entities)&&(this.ids=ct(this.hass,this.config.device_id)),e.has(`hass`)&&(this.now=/* @__PURE__ */ new Date))}updated(){let{hass:e,config:t}=this;if(!e||!t?.device_id)return;let n=new ft(e,this.ids,this.lastStates),r=n.outage?.since.getTime();r!==this.outageSince&&(this.outageSince=r,r!==void 0&&this.restoreLastStates(e));let i=n.lastCharge;if(t.show_history&&i!==void 0&&i!==this.lastCharge&&(this.lastCharge=i,this.showCharges(e,t.device_id)),!t.show_map||!n.position)return;this.mapLoaded||this.showMap(),this.fitMap(n.position.point);let a=n.lastTrip;a!==void 0&&a!==this.lastTrip&&(this.lastTrip=a,this.showRoute(e,t.device_id,a))}async restoreLastStates(e){let t=[...this.ids.values()].filter(e=>!this.lastStates.has(e));for(let n of await Tt(e,t).catch(()=>[]))this.lastStates.set(n.entity_id,n);this.requestUpdate()}async showCharges(e,t){this.charges=await mt(e,t).catch(()=>void 0)}fitMap(e){let t=this.renderRoot.querySelector(`ha-map`),n=[e,...(this.route?.points??[]).map(({point:e})=>e)],r=JSON.stringify(n);t&&r!==this.shownOnMap&&(this.shownOnMap=r,t.fitBounds?.(n,{pad:.1,padding:gi}))}async showMap(){this.mapLoaded=await ti()}async showRoute(e,t,n){let r=await ni(e,t,n);n===this.lastTrip&&(this.route=r)}render(){let{hass:e,config:t}=this;if(!e||!t?.device_id)return this.renderMessage(`no_device`);let n=e.devices[t.device_id];if(!n)return this.renderMessage(`unknown_device`);let r=new ft(e,this.ids,this.lastStates);return A`
      <ha-card>
        <div class="content">
          <header>
            <h2>${H(n)}</h2>
            ${this.renderAge(r)}
          </header>
          ${this.renderBanners(r)} ${this.renderHero(r)} ${this.renderControls(r)}
          ${t.show_map?this.renderMap(r):M}
          ${t.show_history?this.renderHistory(r):M}
        </div>
      </ha-card>
    `}text(e,t={}){return Y(this.hass?.locale.language??`en`,e,t)}renderMessage(e){return A`<ha-card><div class="content">${this.text(e)}</div></ha-card>`}renderAge(e){let t=e.updatedAt;if(!t||!this.hass)return M;let n=this.now.getTime()-t.getTime()<hi,r=Xr(Jr(this.hass.locale.language),t,this.now);return A`<span class="secondary"
      >${n?this.text(`updated_now`):this.text(`updated`,{age:r})}</span
    >`}renderBanners(e){let{hass:t}=this,{criticalAlerts:n,outage:r}=e,i=[...e.isAlarmTriggered?[this.text(`alarm`)]:[],...n];return A`
      ${i.map(e=>A`<div class="banner error" role="alert">
            <ha-icon icon="mdi:alert"></ha-icon>${e}
          </div>`)}
      ${r&&t?A`<div class="banner info" role="status">
              <ha-icon icon="mdi:cloud-off-outline"></ha-icon>
              ${this.text(r.isRunning?`unavailable`:`not_running`,{time:Zr(t,r.since,this.now)})}
            </div>`:M}
    `}renderHero(e){let t=this.config?.show_picture?e.picture:void 0,{level:n,range:r,secondRange:i,chargeLimit:a}=e,o=this.hass?.locale.language??`en`,s=n?Yr(o,n.percent):``;return A`
      <div class="hero">
        ${t?A`<div class="picture"><img src=${t} alt="" /></div>`:M}
        ${n?A`<stellantis-connect-level-ring
                .level=${n.percent}
                .limit=${n.electric?a:void 0}
                .text=${s}
                .label=${`${this.text(n.electric?`battery`:`fuel`)}: ${s}`}
                .fuel=${!n.electric}
                ?charging=${e.isCharging}
                ?low=${n.percent<fi}
              ></stellantis-connect-level-ring>`:M}
        <div class="facts">
          ${r?A`<span class="secondary">${this.text(`range`)}</span>
                  <bdi class="range">${r}</bdi>`:M}
          ${i.length>0?A`<span>${this.text(`fuel`)} ${di(i)}</span>`:M}
          ${this.renderCharging(e)} ${this.renderOpenings(e)}
        </div>
      </div>
    `}renderCharging(e){let{hass:t}=this,{chargingState:n,chargeLimit:r}=e;if(n===void 0||!t)return M;let i=e.isCharging?e.time(`sensor.charging_end`):void 0,a=e.isCharging?e.text(`sensor.charging_power`):void 0;return[a===void 0?[n]:[n,a],i?[this.text(`until`,{time:Zr(t,i,this.now)})]:[],r===void 0?[]:[this.text(`limit`,{limit:Yr(t.locale.language,r)})]].filter(e=>e.length>0).map(e=>A`<span class="secondary">${di(e)}</span>`)}renderOpenings(e){let t=_i.map(e=>`binary_sensor.${e}`).filter(t=>e.value(t)===`on`).map(t=>e.name(t));return t.length>0?A`<span>${this.text(`open`,{names:t.join(`, `)})}</span>`:M}renderControls(e){let t=_t(e);return t.length===0?M:A`<div class="controls">
        ${t.map(t=>this.renderControl(t,e))}
      </div>
      <div class="announcement" role="status">${this.announcement(t,e)}</div>`}announcement(e,t){if(this.confirmation)return this.text(`confirm_unlock`);let n=e.find(e=>e.pending);return n?`${this.text(n.label)}: ${this.progress(n,t)}`:``}progress(e,t){return t.progress(e.key)??this.text(`pending`)}renderControl(e,t){let n=this.confirmationOf(e),r=e.pending?this.progress(e,t):this.text(n?`confirm_unlock`:e.state),i=e.pending||e.action===void 0||n?.possible===!1;return A`<button
      class=${et({control:!0,active:e.active,pending:e.pending})}
      aria-label=${`${this.text(e.label)}: ${r}. ${e.action?this.text(e.action):``}`}
      aria-disabled=${String(i)}
      @click=${()=>{this.press(e)}}
    >
      <ha-icon .icon=${e.icon}></ha-icon>
      <span>${this.text(e.label)}</span>
      <span class="secondary">${r}</span>
    </button>`}press(e){let t=this.ids.get(e.key);if(!(e.pending||e.action===void 0||t===void 0)){if(e.confirm){let t=this.confirmationOf(e);if(t||this.confirm(e.key),!t?.possible)return}this.confirmation=void 0,this.hass?.callService(e.domain,e.service,{},{entity_id:t}).catch(()=>void 0)}}confirmationOf({key:e}){return this.confirmation?.key===e?this.confirmation:void 0}confirm(e){let t={key:e,possible:!1},n={key:e,possible:!0};this.confirmation=t,setTimeout(()=>{this.confirmation===t&&(this.confirmation=n)},mi),setTimeout(()=>{this.confirmation===n&&(this.confirmation=void 0)},pi)}renderMap(e){let t=this.ids.get(`device_tracker.position`),{position:n}=e;if(t===void 0||!n)return M;let r=e.isAvailable(`device_tracker.position`)?void 0:n;return A`<div class="map">
      ${this.mapLoaded?A`<ha-map
              .entities=${it([t],()=>[t])}
              .paths=${it([this.route,r?.point.join()],()=>ii(this.route,r))}
            ></ha-map>`:M}
    </div>`}renderHistory(e){let t=[e.text(`sensor.last_trip_distance`),e.text(`sensor.last_trip_electric_consumption`),e.text(`sensor.last_trip_fuel_consumption`)],n=[e.text(`sensor.last_charge_energy`),e.text(`sensor.last_charge_cost`)],r=this.charges?.map(({energy:t,cost:n,currency:r,endedAt:i})=>({values:[e.format(`sensor.last_charge_energy`,t,`kWh`),e.format(`sensor.last_charge_cost`,n,r??``)],end:i}));return A`
      ${this.renderRecords(`last_trip`,[{values:t,end:e.lastTripEnd}])}
      ${this.renderRecords(`last_charges`,r??[{values:n,end:void 0}])}
    `}renderRecords(e,t){let n=t.map(({values:e,end:t})=>({values:e.filter(e=>e!==void 0),end:t})).filter(({values:e})=>e.length>0);if(n.length===0)return M;let r=this.hass?.locale.language??`en`;return A`<section class=${e}>
      <h3 class="secondary">${this.text(e)}</h3>
      <ul>
        ${n.map(({values:e,end:t})=>A`<li>
              <span>${di(e)}</span>
              ${t?A`<span class="secondary">${Xr(r,t,this.now)}</span>`:M}
            </li>`)}
      </ul>
    </section>`}},G([B({attribute:!1})],Z.prototype,`hass`,void 0),G([V()],Z.prototype,`config`,void 0),G([V()],Z.prototype,`now`,void 0),G([V()],Z.prototype,`confirmation`,void 0),G([V()],Z.prototype,`route`,void 0),G([V()],Z.prototype,`mapLoaded`,void 0),G([V()],Z.prototype,`charges`,void 0),Z=G([Le(X)],Z)}));function yi(e){let t=st(e),{language:n}=e.locale;return{views:[{title:Y(n,`garage`),path:`garage`,icon:`mdi:garage`,type:`sections`,sections:t.length>0?t.map(e=>({type:`grid`,cards:[{...wi,device_id:e.id,show_map:!1,show_history:!1}]})):[{type:`grid`,cards:[{type:`markdown`,content:Y(n,`no_cars`)}]}]},...t.map(t=>{let n=ct(e,t.id),r=[...n].filter(([t,n])=>Si(e,t,n)).sort(([e],[t])=>$.indexOf(Q(e))-$.indexOf(Q(t))).map(([n,r])=>bi(e,H(t),n,r));return{title:H(t),path:`car-${t.id}`,type:`sections`,sections:[{type:`grid`,cards:[{...wi,device_id:t.id}]},{type:`grid`,cards:[...xi(n),...r]}]}})]}}function bi(e,t,n,r){let i=Q(n),a=Ti[n],o=a&&{text:Y(e.locale.language,a,{car:t})},s={action:`toggle`,...o&&{confirmation:o}};return{type:`tile`,entity:r,name:{type:`entity`},...Ei.includes(i)&&{state_content:[`state`,`progress`]},...o&&{icon_tap_action:s},...i===`button`&&{state_content:[`progress`,`device_name`],tap_action:s}}}function xi(e){let t=e.get(`binary_sensor.connection`);return t===void 0?[]:[{type:`tile`,entity:t,name:{type:`entity`},state_content:[`state`,`disconnected_since`],visibility:[{condition:`state`,entity:t,state:`off`}],grid_options:{columns:`full`}}]}function Q(e){return e.slice(0,e.indexOf(`.`))}function Si(e,t,n){let r=e.entities[n];return $.includes(Q(t))&&!t.startsWith(`sensor.last_`)&&e.states[n]!==void 0&&r?.entity_category!==`diagnostic`&&!(r?.entity_category===`config`&&t.startsWith(`button.`))&&!r?.hidden}var Ci,wi,Ti,Ei,$,Di,Oi=t((()=>{vi(),ei(),W(),Ci=`stellantis-connect`,wi={type:`custom:${X}`},Ti={"button.sound_horn":`confirm_horn`,"lock.lock":`confirm_lock`},Ei=[`lock`,`switch`,`number`,`select`,`time`],$=[...Ei.slice(0,2),`button`,...Ei.slice(2),`sensor`],Di=class extends HTMLElement{static generate(e,t){return Promise.resolve(yi(t))}},customElements.define(`ll-strategy-dashboard-${Ci}`,Di)})),ki=/* @__PURE__ */ n({}),Ai,ji,Mi=t((()=>{vi(),ei(),Oi(),W(),Ai=window,ji=document.documentElement.lang||`en`,(Ai.customStrategies??=[]).push({type:Ci,strategyType:`dashboard`,name:`Stellantis Connect`,description:Y(ji,`strategy_description`)}),(Ai.customCards??=[]).push({type:X,name:`Stellantis Connect`,description:Y(ji,`card_description`),preview:!0,getEntitySuggestion(e,t){let n=e.entities[t];return n?.platform===`stellantis_connect`&&n.device_id?{config:{type:`custom:${X}`,device_id:n.device_id}}:null}})}));await customElements.whenDefined(`home-assistant`),await Promise.resolve().then(()=>(Mi(),ki));